namespace Tweedie.Images;

/// <summary>Conversions between grey and colour.</summary>
internal static class ChannelConversion
{
    /// <summary>The image with a number of channels, 1 or 3.</summary>
    public static RasterImage To(RasterImage image, int channels, PixelMemory? memory) => (image.Channels, channels) switch
    {
        (3, 1) => ToGrey(image, memory),
        (1, 3) => ToColour(image, memory),
        _ => image,
    };

    /// <summary>The luma of ITU-R BT.601, rounded.</summary>
    private static RasterImage ToGrey(RasterImage image, PixelMemory? memory)
    {
        var grey = new RasterImage(image.Width, image.Height, 1, memory);
        var source = image.Pixels;
        var target = grey.Canvas;
        for (var i = 0; i < target.Length; i++)
            target[i] = (byte)((299 * source[3 * i] + 587 * source[3 * i + 1] + 114 * source[3 * i + 2] + 500) / 1000);
        return grey;
    }

    /// <summary>Three equal channels.</summary>
    private static RasterImage ToColour(RasterImage image, PixelMemory? memory)
    {
        var colour = new RasterImage(image.Width, image.Height, 3, memory);
        var target = colour.Canvas;
        foreach (var value in image.Pixels)
        {
            target[..3].Fill(value);
            target = target[3..];
        }

        return colour;
    }
}
