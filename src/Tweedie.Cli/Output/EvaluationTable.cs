using Spectre.Console;
using Tweedie.Evaluation;
using Tweedie.Metrics;

namespace Tweedie.Cli.Output;

/// <summary>Evaluation rows as a table: how each was sampled, and the numbers of its metrics.</summary>
internal static class EvaluationTable
{
    /// <summary>The table.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="hasCondition">Whether the model has a condition, so that guidance means something.</param>
    public static Table Create(IReadOnlyList<EvaluationRow> rows, bool hasCondition = true)
    {
        var columns = Columns(rows);
        string[] settings = hasCondition ? ["steps", "guidance", "to one", "decode"] : ["steps", "to one", "decode"];
        var table = Screen.Table([.. settings, .. columns.Select(column => column.Title), "seconds"]);
        foreach (var row in rows)
            table.AddRow([.. Sampling(row, hasCondition), .. columns.Select(column => column.Cell(row)), FormattableString.Invariant($"{row.Seconds:F2}")]);
        if (rows.SelectMany(row => row.Metrics.OfType<CaptionQuality>()).Select(metric => metric.Scores.Note).OfType<string>().FirstOrDefault() is { } note)
            table.Caption(Markup.Escape($"note: {note}"));
        return table;
    }

    /// <summary>A row for programs: how it was sampled, and its numbers by name.</summary>
    public static Dictionary<string, object?> Fields(EvaluationRow row)
    {
        var sampling = row.Sampling;
        var fields = new Dictionary<string, object?>
        {
            ["name"] = sampling is null ? row.Name : null,
            ["steps"] = sampling?.Steps,
            ["guidance"] = sampling?.Guidance,
            ["toOne"] = sampling?.ToOne,
            ["temperature"] = sampling?.Temperature,
            ["topP"] = sampling?.TopP,
            ["beams"] = sampling?.Beams,
            ["decode"] = row.Decode,
            ["control"] = sampling?.Control,
        };
        foreach (var (name, value) in row.Values)
            fields[name] = value;
        var captions = row.Metrics.OfType<CaptionQuality>().SingleOrDefault()?.Scores;
        (fields["diversity"], fields["note"]) = (captions?.Diversity, captions?.Note);
        fields["seconds"] = row.Seconds;
        return fields.Where(field => field.Value is not null).ToDictionary();
    }

    private static string[] Sampling(EvaluationRow row, bool hasCondition)
    {
        string[] cells = row.Sampling is not { } sampling ? [row.Name, "", "", ""] :
        [
            $"{sampling.Steps}", FormattableString.Invariant($"{sampling.Guidance}"), ChoiceWords.Of(sampling),
            $"{row.Decode}".ToLowerInvariant() + (sampling.Control ? ", control" : ""),
        ];
        return hasCondition ? cells : [cells[0], .. cells[2..]];
    }

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
