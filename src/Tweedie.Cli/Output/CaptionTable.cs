using Spectre.Console;
using Tweedie.Evaluation;

namespace Tweedie.Cli.Output;

/// <summary>Evaluation rows of a captioner as a table.</summary>
internal static class CaptionTable
{
    public static Table Create(IReadOnlyList<CaptionEvaluation> rows)
    {
        var scenes = rows.Any(row => row.RightMeaning is not null);
        string[] meaning = scenes ? ["right meaning"] : [];
        var table = Screen.Table(["steps", "guidance", "to one", "decode", .. meaning, "BLEU-1", "BLEU-4", "ROUGE-L", "CIDEr-D", "words", "distinct-2", "seconds"]);
        foreach (var row in rows)
            table.AddRow(Cells(row));
        return table;
    }

    private static string[] Cells(CaptionEvaluation row) =>
    [
        $"{row.Steps}", FormattableString.Invariant($"{row.Guidance}"), $"{row.ToOne}".ToLowerInvariant(),
        $"{row.Decode}".ToLowerInvariant() + (row.Control ? ", control" : ""),
        .. row.RightMeaning is { } right ? new[] { Screen.Percent(right) } : [],
        Four(row.Scores.Bleu.Score(1)), Four(row.Scores.Bleu.Score(4)), Four(row.Scores.RougeL), Four(row.Scores.CiderD),
        FormattableString.Invariant($"{row.Scores.Diversity.MeanLength:F1}"), Four(row.Scores.Diversity.Distinct2),
        FormattableString.Invariant($"{row.Seconds:F2}"),
    ];

    private static string Four(double value) => FormattableString.Invariant($"{value:F4}");
}
