using Spectre.Console;
using Tweedie.Cli.Commands;
using Tweedie.Experiments.Comparisons;
using Tweedie.Metrics;

namespace Tweedie.Cli.Output;

/// <summary>Compared models as tables: their scores, and their differences.</summary>
internal static class ComparisonTables
{
    public static Table Scores(IReadOnlyList<ComparedModel> models)
    {
        string[] names = [.. models.SelectMany(model => model.Values.Keys).Distinct()];
        var table = Screen.Table(["", "model", "steps", "decode", .. names.Select(Title)]);
        table.Columns[1].LeftAligned();
        foreach (var (number, model) in models.Index())
            table.AddRow([.. new[] { Letter(number), model.Name, model.Sampling is { } sampling ? $"{sampling.Steps}" : model.Setting, $"{model.Decode}".ToLowerInvariant() }
                .Concat(names.Select(name => model.Values.TryGetValue(name, out var value) ? MetricInfo.Show(name, value) : "")).Select(cell => new Spectre.Console.Text(cell))]);
        return table;
    }

    public static Table Differences(IReadOnlyList<PairedComparison> comparisons)
    {
        var table = Screen.Table("", "metric", "difference", "95 % interval", "p");
        foreach (var (first, second, metric, difference, interval, p, _) in comparisons)
            table.AddRow([.. new[]
            {
                $"{Letter(second)} − {Letter(first)}", Title(metric), Signed(metric, difference), $"{Signed(metric, interval.Low)} to {Signed(metric, interval.High)}",
                p < 0.001 ? "< 0.001" : FormattableString.Invariant($"{p:F3}"),
            }.Select(cell => new Spectre.Console.Text(cell))]);
        return table;
    }

    /// <summary>How the differences are to be read.</summary>
    public static IEnumerable<string> Notes(IReadOnlyList<PairedComparison> comparisons)
    {
        if (comparisons.Any(comparison => IsShare(comparison.Metric)))
            yield return "Differences of shares are in percentage points.";
        foreach (var test in comparisons.GroupBy(comparison => comparison.Test, comparison => Title(comparison.Metric)))
            yield return $"p of {string.Join(", ", test.Distinct())}: {(test.Key == PairedTest.McNemar ? "McNemar's exact test" : "random signs of the images' differences")}.";
        if (comparisons.Select(comparison => (comparison.First, comparison.Second)).Distinct().Count() > 1)
            yield return "Each p is that of a single comparison; the more pairs, the more of them are small by chance.";
    }

    private static string Letter(int number) => number < 26 ? $"{(char)('A' + number)}" : $"{number + 1}";

    private static string Title(string name) => MetricInfo.Find(name)?.Title ?? name;

    private static bool IsShare(string name) => MetricInfo.Find(name)?.Unit == MetricUnit.Share;

    private static string Signed(string name, double value) =>
        IsShare(name) ? FormattableString.Invariant($"{100 * value:+0.00;-0.00;0.00}") : FormattableString.Invariant($"{value:+0.0000;-0.0000;0.0000}");
}
