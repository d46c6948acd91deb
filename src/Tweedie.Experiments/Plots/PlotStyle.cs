using ScottPlot;

namespace Tweedie.Experiments.Plots;

/// <summary>
/// The style of all figures. The colours are those of Okabe and Ito, which people with any colour vision can tell apart. Marks and line patterns tell lines
/// apart without colours.
/// </summary>
internal static class PlotStyle
{
    public const float LineWidth = 2;

    private static readonly string[] Palette = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#000000", "#56B4E9", "#E69F00"];

    private static readonly MarkerShape[] Markers =
    [
        MarkerShape.FilledCircle, MarkerShape.FilledSquare, MarkerShape.FilledTriangleUp, MarkerShape.FilledDiamond,
        MarkerShape.FilledTriangleDown, MarkerShape.OpenCircle, MarkerShape.OpenSquare,
    ];

    private static readonly LinePattern DashDotted = new([10, 5, 2, 5], 0, nameof(DashDotted));

    private static readonly Color Ink = ScottPlot.Color.FromHex("#333333");

    public static Color Color(int index) => ScottPlot.Color.FromHex(Palette[index % Palette.Length]);

    public static MarkerShape Marker(int index) => Markers[index % Markers.Length];

    public static LinePattern Pattern(LineKind kind) => kind switch
    {
        LineKind.Dashed => LinePattern.Dashed,
        LineKind.Dotted => LinePattern.Dotted,
        LineKind.DashDotted => DashDotted,
        _ => LinePattern.Solid,
    };

    public static void Apply(Plot plot, string horizontal, string vertical)
    {
        EmbeddedFont.Register();
        plot.Font.Set(EmbeddedFont.Family);
        plot.FigureBackground.Color = Colors.White;
        plot.DataBackground.Color = Colors.White;
        plot.XLabel(horizontal, 15);
        plot.YLabel(vertical, 15);
        plot.Axes.Color(Ink);
        plot.Axes.Bottom.Label.Bold = plot.Axes.Left.Label.Bold = false;
        plot.Axes.Bottom.TickLabelStyle.FontSize = plot.Axes.Left.TickLabelStyle.FontSize = 14;
        plot.Axes.Right.FrameLineStyle.Width = plot.Axes.Top.FrameLineStyle.Width = 0;
        plot.Grid.MajorLineColor = Ink.WithAlpha(0.12);
        plot.Legend.FontSize = 14;
        plot.Legend.Orientation = Orientation.Vertical;
        plot.Legend.SymbolWidth = 44; // a dashed line shows its dashes
        plot.Legend.OutlineWidth = 0;
        plot.Legend.ShadowColor = Colors.Transparent;
        plot.Legend.BackgroundColor = Colors.White;
    }
}
