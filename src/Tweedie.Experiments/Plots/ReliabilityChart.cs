using Tweedie.Metrics;

namespace Tweedie.Experiments.Plots;

/// <summary>Draws reliability diagrams: the accuracy of predictions by their probability.</summary>
internal static class ReliabilityChart
{
    /// <summary>Draws one line per set of predictions. Points above the diagonal are too unsure, points below it too sure.</summary>
    /// <param name="lines">Names and predictions.</param>
    /// <param name="fewest">Bins with fewer predictions are not drawn.</param>
    public static Chart Create(IEnumerable<(string Name, Reliability Predictions)> lines, int fewest)
    {
        var chart = new Chart("confidence (%)", "accuracy (%)").HorizontalLimits(0, 103).VerticalLimits(0, 103);
        chart.Add(new Series("perfect", [0, 100], [0, 100]) { Color = 4, Line = LineKind.Dotted, Marks = false });
        foreach (var (color, (name, predictions)) in lines.Index())
        {
            var bins = predictions.Bins.Where(bin => bin.Count >= fewest).ToList();
            chart.Add(new Series(name, [.. bins.Select(bin => 100 * bin.Confidence / bin.Count)], [.. bins.Select(bin => 100.0 * bin.Correct / bin.Count)]) { Color = color });
        }
        return chart;
    }
}
