using ScottPlot;
using SkiaSharp;

namespace Tweedie.Experiments.Plots;

/// <summary>The font of the figures. It is embedded, so the figures look the same on every machine.</summary>
internal sealed class EmbeddedFont : IFontResolver
{
    public const string Family = "DejaVu Sans";

    private static readonly Lazy<EmbeddedFont> Registered = new(() =>
    {
        var font = new EmbeddedFont();
        Fonts.FontResolvers.Insert(0, font);
        return font;
    });

    private readonly SKTypeface _regular = Load("DejaVuSans.ttf");
    private readonly SKTypeface _bold = Load("DejaVuSans-Bold.ttf");

    /// <summary>Makes the font known to ScottPlot, once.</summary>
    public static void Register() => _ = Registered.Value;

    public SKTypeface? CreateTypeface(string fontName, FontWeight weight, FontSlant slant, FontSpacing spacing) =>
        CreateTypeface(fontName, weight >= FontWeight.SemiBold, italic: false);

    public SKTypeface? CreateTypeface(string fontName, bool bold, bool italic) => fontName != Family ? null : bold ? _bold : _regular;

    private static SKTypeface Load(string name) => SKTypeface.FromStream(typeof(EmbeddedFont).Assembly.GetManifestResourceStream(name));
}
