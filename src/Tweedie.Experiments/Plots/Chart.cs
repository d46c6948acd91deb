using ScottPlot;
using Tweedie.Formats;

namespace Tweedie.Experiments.Plots;

/// <summary>Draws line charts in the one style of all figures, as SVG and PNG.</summary>
public sealed class Chart : IDisposable
{
    private const int Width = 600;
    private const int DataHeight = 380;
    private const int LegendLine = 26;

    private readonly Plot _plot = new();
    private int _lines;

    /// <summary>A chart with its axes' titles.</summary>
    public Chart(string horizontal, string vertical) => PlotStyle.Apply(_plot, horizontal, vertical);

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
        (line.Color, line.LineWidth, line.LegendText) = (color, 2, series.Name);
        (line.LinePattern, line.MarkerShape, line.MarkerSize) =
            (PlotStyle.Pattern(series.Line), PlotStyle.Marker(series.Color), series.Marks ? 7 : 0);
        _lines++;
        return this;
    }

    /// <summary>Marks these places of the horizontal axis, with their values as labels.</summary>
    public Chart HorizontalTicks(IReadOnlyList<double> places, Func<double, string> label)
    {
        _plot.Axes.Bottom.SetTicks([.. places], [.. places.Select(label)]);
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

    /// <summary>Writes <c>NAME.svg</c> and <c>NAME.png</c>, the latter at twice the size.</summary>
    /// <exception cref="TweedieException">A file cannot be written.</exception>
    public void Save(string folder, string name)
    {
        try
        {
            var path = Path.Combine(folder, name);
            var height = DataHeight + LegendLine * _lines;
            AtomicFile.WriteText(path + ".svg", PlotStyle.FinishSvg(_plot.GetSvgXml(Width, height), Width, height));
            _plot.ScaleFactor = 2;
            _plot.SavePng(path + ".png", 2 * Width, 2 * height);
            _plot.ScaleFactor = 1;
        }
        catch (Exception error) when (error.IsFileError())
        {
            throw FileErrors.CannotWrite(folder, error);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _plot.Dispose();
}
