using Spectre.Console;
using Tweedie.Images;

namespace Tweedie.Cli.Output;

/// <summary>A small image on a colour terminal: two pixels per character.</summary>
internal static class ImagePicture
{
    /// <summary>Prints the image if the terminal has colours; otherwise prints nothing.</summary>
    public static void Print(IAnsiConsole console, RasterImage image)
    {
        if (console.Profile.Capabilities.ColorSystem < ColorSystem.EightBit)
            return;
        for (var row = 0; row + 1 < image.Height; row += 2)
        {
            console.Write("  ");
            for (var column = 0; column < image.Width; column++)
                console.Write(new Spectre.Console.Text("▀", new Style(Pixel(image, row, column), Pixel(image, row + 1, column))));
            console.WriteLine();
        }
    }

    private static Color Pixel(RasterImage image, int row, int column)
    {
        var start = (row * image.Width + column) * image.Channels;
        var pixel = image.Pixels.Slice(start, image.Channels);
        return image.Channels == 3 ? new Color(pixel[0], pixel[1], pixel[2]) : new Color(pixel[0], pixel[0], pixel[0]);
    }
}
