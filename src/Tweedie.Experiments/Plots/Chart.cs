using ScottPlot;
using ScottPlot.Plottables;

namespace Tweedie.Experiments.Plots;

/// <summary>Draws line charts in the one style of all figures, as SVG and PNG.</summary>
public sealed class Chart : IFigure
{
    private const int DataHeight = 380;
    private const int LegendLine = 30;

    private readonly Plot _plot = new();
    private readonly List<(Scatter Line, LineKind Kind)> _lines = [];

    private int Height => DataHeight + LegendLine * _lines.Count;

    /// <summary>A chart with its axes' titles.</summary>
    public Chart(string horizontal, string vertical)
    {
        PlotStyle.Apply(_plot, horizontal, vertical);
        _plot.ShowLegend(Edge.Bottom);
    }

    /// <summary>Adds a line.</summary>
    public Chart Add(Series series)
    {
        var color = PlotStyle.Color(series.Color);
        var x = series.X.ToArray();
        if (series.Band.Count > 0)
        {
            var band = _plot.Add.FillY(x, [.. series.Band.Select(bounds => bounds.Low)], [.. series.Band.Select(bounds => bounds.High)]);
            (band.FillColor, band.LineWidth, band.MarkerSize) = (color.WithAlpha(0.18), 0, 0);
        }
        var line = _plot.Add.Scatter(x, series.Y.ToArray());
        (line.Color, line.LegendText) = (color, series.Name);
        (line.MarkerShape, line.MarkerSize) = (PlotStyle.Marker(series.Color), series.Marks ? 7 : 0);
        _lines.Add((line, series.Line));
        return this;
    }

    /// <summary>Marks these places of the horizontal axis, with their values as labels.</summary>
    public Chart HorizontalTicks(IReadOnlyList<double> places, Func<double, string> label)
    {
        _plot.Axes.Bottom.SetTicks([.. places], [.. places.Select(label)]);
        return this;
    }

    /// <summary>Marks these places of the vertical axis, with their values as labels.</summary>
    public Chart VerticalTicks(IReadOnlyList<double> places, Func<double, string> label)
    {
        _plot.Axes.Left.SetTicks([.. places], [.. places.Select(label)]);
        return this;
    }

    /// <summary>Sets the vertical axis's ends.</summary>
    public Chart VerticalLimits(double low, double high)
    {
        _plot.Axes.SetLimitsY(low, high);
        return this;
    }

    /// <summary>Sets the horizontal axis's ends.</summary>
    public Chart HorizontalLimits(double low, double high)
    {
        _plot.Axes.SetLimitsX(low, high);
        return this;
    }

    /// <inheritdoc/>
    public void Save(string folder, string name)
    {
        FigureFiles.SaveSvg(folder, name, ToSvg());
        foreach (var (line, kind) in _lines)
            (line.LinePattern, line.LineWidth) = (PlotStyle.Pattern(kind), PlotStyle.LineWidth);
        FigureFiles.SavePng(_plot, folder, name, Height);
    }

    /// <summary>The chart as SVG.</summary>
    public string ToSvg()
    {
        foreach (var (line, kind) in _lines)
            (line.LinePattern, line.LineWidth) = (LinePattern.Solid, SvgDocument.WidthOf(kind));
        return FigureFiles.ToSvg(_plot, Height);
    }

    /// <inheritdoc/>
    public void Dispose() => _plot.Dispose();
}
