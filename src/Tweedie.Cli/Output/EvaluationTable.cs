using Spectre.Console;
using Tweedie.Evaluation;
using Tweedie.Metrics;

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
        if (rows.SelectMany(row => row.Metrics.OfType<CaptionQuality>()).Select(metric => metric.Scores.Note).OfType<string>().FirstOrDefault() is { } note)
            table.Caption(Markup.Escape($"note: {note}"));
        return table;
    }

    private static string[] Sampling(EvaluationRow row) => row.Sampling is not { } sampling ? [row.Name, "", "", ""] :
    [
        $"{sampling.Steps}", FormattableString.Invariant($"{sampling.Guidance}"), ChoiceWords.Of(sampling),
        $"{row.Decode}".ToLowerInvariant() + (sampling.Control ? ", control" : ""),
    ];

    private static List<(string Title, Func<EvaluationRow, string> Cell)> Columns(IReadOnlyList<EvaluationRow> rows)
    {
        if (rows.All(row => row.Metrics.OfType<CaptionQuality>().Any()))
            return Captions(rows.Any(row => row.Metric<CaptionQuality>().RightMeaning is not null));
        return [.. rows.SelectMany(row => row.Values.Keys).Distinct().Select(Column)];
    }

    private static List<(string Title, Func<EvaluationRow, string> Cell)> Captions(bool scenes) =>
    [
        .. scenes ? [Column("rightMeaning")] : Array.Empty<(string, Func<EvaluationRow, string>)>(),
        Column("bleu1"), Column("bleu4"), Column("rougeL"), Column("ciderD"), Column("repeats"),
        ("words", row => FormattableString.Invariant($"{row.Metric<CaptionQuality>().Scores.Diversity.MeanLength:F1}")),
        ("distinct-2", row => FormattableString.Invariant($"{row.Metric<CaptionQuality>().Scores.Diversity.Distinct2:F4}")),
    ];

    private static (string Title, Func<EvaluationRow, string> Cell) Column(string name) =>
        (MetricInfo.Find(name)?.Title ?? name, row => row.Values.TryGetValue(name, out var value) ? MetricInfo.Show(name, value) : "");
}
