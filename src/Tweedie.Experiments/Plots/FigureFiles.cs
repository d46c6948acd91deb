using ScottPlot;
using Tweedie.Storage;

namespace Tweedie.Experiments.Plots;

/// <summary>A plot's two files.</summary>
internal static class FigureFiles
{
    public const int Width = 600;

    /// <summary>Writes a plot as SVG and PNG.</summary>
    public static void Save(Plot plot, string folder, string name, int height)
    {
        SaveSvg(folder, name, ToSvg(plot, height));
        SavePng(plot, folder, name, height);
    }

    public static string ToSvg(Plot plot, int height) => SvgDocument.Finish(plot.GetSvgXml(Width, height), Width, height);

    public static void SaveSvg(string folder, string name, string svg) => AtomicFile.WriteText(Path.Combine(folder, name + ".svg"), svg);

    /// <summary>Writes the PNG at twice the size.</summary>
    public static void SavePng(Plot plot, string folder, string name, int height)
    {
        plot.ScaleFactor = 2;
        var png = plot.GetImageBytes(2 * Width, 2 * height, ImageFormat.Png);
        AtomicFile.Write(Path.Combine(folder, name + ".png"), stream => stream.Write(png));
    }
}
