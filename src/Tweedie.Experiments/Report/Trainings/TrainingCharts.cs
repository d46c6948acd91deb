using Tweedie.Experiments.Plots;
using Tweedie.Metrics;

namespace Tweedie.Experiments.Report;

/// <summary>The curves of trainings, a chart for the loss, one for the learning rate and one for each held-out metric and setting.</summary>
internal static class TrainingCharts
{
    private static readonly string[] NotDrawn = ["epoch", "gradientNorm", "imagesPerSecond", "badImages", "communicationShare", "unreadable"];

    /// <summary>The charts with their titles, as SVG.</summary>
    public static IEnumerable<(string Title, string Svg)> Draw(IReadOnlyList<TrainingRecord> trainings)
    {
        foreach (var metrics in trainings.SelectMany(training => training.Names).Distinct().Except(NotDrawn).GroupBy(Group).OrderBy(group => Order(group.Key)))
        {
            var info = MetricInfo.Find(metrics.Key);
            var title = info is null ? metrics.Key : info.Title + metrics.Key[info.Name.Length..].Replace(".", ", ", StringComparison.Ordinal);
            yield return (title, Chart(trainings, [.. metrics], title));
        }
    }

    // The validation loss stands beside the training loss.
    private static string Group(string name) => name == MetricInfo.ValidationLoss ? "loss" : name;

    private static int Order(string group) => group switch { "loss" => 0, "learningRate" => 2, _ => 1 };

    private static string Chart(IReadOnlyList<TrainingRecord> trainings, IReadOnlyList<string> names, string title)
    {
        var percent = MetricInfo.Find(names[0])?.Unit == MetricUnit.Share;
        using var chart = new Chart("step", percent ? $"{title} (%)" : title);
        foreach (var (color, training) in trainings.Index())
            foreach (var (kind, name) in names.Index().Where(entry => training.Curve(entry.Item).Count > 0))
                chart.Add(Line(training, name, percent ? 100 : 1) with { Color = color, Line = (LineKind)(kind % 4) });
        return chart.ToSvg();
    }

    private static Series Line(TrainingRecord training, string name, double scale)
    {
        var points = training.Curve(name).Where(point => double.IsFinite(point.Value)).ToList();
        return new(name == MetricInfo.ValidationLoss ? $"{training.Name}, validation" : training.Name, [.. points.Select(point => (double)point.Key)], [.. points.Select(point => scale * point.Value)]) { Marks = points.Count <= 30 };
    }
}
