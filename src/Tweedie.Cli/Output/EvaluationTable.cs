using Spectre.Console;
using Tweedie.Evaluation;

namespace Tweedie.Cli.Output;

/// <summary>Evaluation rows as a table: how each was sampled, and the numbers of its metrics.</summary>
internal static class EvaluationTable
{
    public static Table Create(IReadOnlyList<EvaluationRow> rows)
    {
        var columns = Columns(rows);
        var table = Screen.Table(["steps", "guidance", "to one", "decode", .. columns.Select(column => column.Title), "seconds"]);
        foreach (var row in rows)
            table.AddRow([.. Sampling(row), .. columns.Select(column => column.Cell(row)), FormattableString.Invariant($"{row.Seconds:F2}")]);
        return table;
    }

    private static string[] Sampling(EvaluationRow row) => row.Sampling is not { } sampling ? ["linear", "", "", ""] :
    [
        $"{sampling.Steps}", FormattableString.Invariant($"{sampling.Guidance}"), $"{sampling.ToOne}".ToLowerInvariant(),
        $"{row.Decode}".ToLowerInvariant() + (sampling.Control ? ", control" : ""),
    ];

    private static List<(string Title, Func<EvaluationRow, string> Cell)> Columns(IReadOnlyList<EvaluationRow> rows)
    {
        if (rows.All(row => row.Metrics.OfType<CaptionQuality>().Any()))
            return Captions(rows.Any(row => row.Metric<CaptionQuality>().RightMeaning is not null));
        var names = new Dictionary<string, string> { ["top1"] = "top-1", ["top5"] = "top-5", ["ece"] = "ECE", ["eceCalibrated"] = "calibrated" };
        return [.. rows.SelectMany(row => row.Values.Keys).Distinct().Select(key =>
            (names.GetValueOrDefault(key, key), (Func<EvaluationRow, string>)(row => row.Values.TryGetValue(key, out var value) ? Screen.Percent(value) : "")))];
    }

    private static List<(string Title, Func<EvaluationRow, string> Cell)> Captions(bool scenes)
    {
        List<(string, Func<EvaluationRow, string>)> columns =
        [
            ("BLEU-1", row => Four(row.Values["bleu1"])), ("BLEU-4", row => Four(row.Values["bleu4"])), ("ROUGE-L", row => Four(row.Values["rougeL"])),
            ("CIDEr-D", row => Four(row.Values["ciderD"])),
            ("words", row => FormattableString.Invariant($"{row.Metric<CaptionQuality>().Scores.Diversity.MeanLength:F1}")),
            ("distinct-2", row => Four(row.Metric<CaptionQuality>().Scores.Diversity.Distinct2)),
        ];
        if (scenes)
            columns.Insert(0, ("right meaning", row => Screen.Percent(row.Values["rightMeaning"])));
        return columns;
    }

    private static string Four(double value) => FormattableString.Invariant($"{value:F4}");
}
