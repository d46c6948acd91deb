using ScottPlot;

namespace Tweedie.Experiments.Plots;

/// <summary>Percentages as horizontal bars, from the top, with a name before each and a text behind it.</summary>
public sealed class BarChart : IFigure
{
    private const int Margin = 70;
    private const int RowHeight = 24;

    private readonly Plot _plot = new();
    private readonly int _height;

    /// <summary>Draws the bars.</summary>
    /// <param name="horizontal">What the bars measure.</param>
    /// <param name="bars">Name, value from 0 to 100 and the text at the end of each bar, from the top.</param>
    public BarChart(string horizontal, IReadOnlyList<(string Name, double Value, string Text)> bars)
    {
        PlotStyle.Apply(_plot, horizontal, "");
        _height = Margin + RowHeight * bars.Count;
        var plotted = _plot.Add.Bars(bars.Select((bar, row) => new Bar { Position = -row, Value = bar.Value, Size = 0.7, FillColor = PlotStyle.Color(0), LineWidth = 0, Label = bar.Text }).ToList());
        plotted.Horizontal = true;
        plotted.ValueLabelStyle.FontSize = 13;
        _plot.Axes.Left.SetTicks([.. bars.Select((_, row) => (double)-row)], [.. bars.Select(bar => bar.Name)]);
        double[] ticks = [0, 20, 40, 60, 80, 100];
        _plot.Axes.Bottom.SetTicks(ticks, [.. ticks.Select(tick => FormattableString.Invariant($"{tick}"))]);
        _plot.Axes.SetLimits(0, 115, -bars.Count + 0.4, 0.6);
        _plot.HideGrid();
    }

    /// <inheritdoc/>
    public void Save(string folder, string name) => FigureFiles.Save(_plot, folder, name, _height);

    /// <inheritdoc/>
    public void Dispose() => _plot.Dispose();
}
