using System.Text.RegularExpressions;

namespace Tweedie.Experiments.Plots;

/// <summary>Adds what ScottPlot's SVG lacks: a scalable size, line patterns, other readers' fonts, and the same names in every process.</summary>
internal static partial class SvgDocument
{
    /// <summary>The width that marks a line of this kind. Skia's SVG has no line patterns; the width tells where to add them.</summary>
    public static float WidthOf(LineKind kind) => PlotStyle.LineWidth + 0.125f * (int)kind;

    /// <summary>Finishes a document.</summary>
    public static string Finish(string svg, int width, int height)
    {
        svg = svg[svg.IndexOf("<svg", StringComparison.Ordinal)..]
            .Replace("<svg ", $"<svg viewBox=\"0 0 {width} {height}\" ", StringComparison.Ordinal)
            .Replace($"font-family=\"{EmbeddedFont.Family}\"", $"font-family=\"{EmbeddedFont.Family}, Verdana, sans-serif\"", StringComparison.Ordinal)
            .Replace(Stroke(LineKind.Dashed), $"{Stroke(LineKind.Solid)} stroke-dasharray=\"9 5\"", StringComparison.Ordinal)
            .Replace(Stroke(LineKind.Dotted), $"{Stroke(LineKind.Solid)} stroke-dasharray=\"2 4\"", StringComparison.Ordinal)
            .Replace(Stroke(LineKind.DashDotted), $"{Stroke(LineKind.Solid)} stroke-dasharray=\"9 4 2 4\"", StringComparison.Ordinal);
        // Skia numbers clips over the life of the process; here they are numbered within the document.
        var names = new Dictionary<string, string>();
        return ClipName().Replace(svg, match => names.TryGetValue(match.Value, out var name) ? name : names[match.Value] = $"clip{names.Count + 1}");
    }

    private static string Stroke(LineKind kind) => FormattableString.Invariant($"stroke-width=\"{WidthOf(kind)}\"");

    [GeneratedRegex(@"\bcl_[0-9a-f]+\b")]
    private static partial Regex ClipName();
}
