namespace Tweedie.Images;

/// <summary>
/// Changes that move an image away from a poorer version of itself: d + f·(image - d). The arithmetic is that of Pillow's ImageEnhance,
/// in single precision and cut off to bytes.
/// </summary>
internal static class BlendOperations
{
    private const int CentreWeight = 5;
    private const int KernelSum = 8 + CentreWeight;

    // A weighted sum of 3 x 3 values divided by the sum of the weights, rounded.
    private static readonly byte[] _smoothed =
        [.. Enumerable.Range(0, KernelSum * 255 + 1).Select(sum => (byte)((2 * sum + KernelSum) / (2 * KernelSum)))];

    /// <summary>Moves colours away from grey (factor above 1) or towards it; a grey image does not change.</summary>
    public static RasterImage Color(RasterImage image, float factor)
    {
        if (image.Channels != 3 || factor == 1)
            return image;
        var source = image.Pixels;
        var blended = image.New(image.Width, image.Height);
        var pixels = blended.Canvas;
        for (var i = 0; i + 2 < source.Length; i += 3)
        {
            var luma = Luma(image, i);
            pixels[i] = Blend(luma, source[i], factor);
            pixels[i + 1] = Blend(luma, source[i + 1], factor);
            pixels[i + 2] = Blend(luma, source[i + 2], factor);
        }

        return blended;
    }

    /// <summary>Moves away from the smoothed image (factor above 1) or towards it. The one-pixel border stays as it is.</summary>
    public static RasterImage Sharpness(RasterImage image, float factor)
    {
        if (factor == 1 || image.Width < 3 || image.Height < 3)
            return image;
        var sharpened = image.New(image.Width, image.Height);
        var pixels = sharpened.Canvas;
        image.Pixels.CopyTo(pixels);
        var rowBytes = image.Width * image.Channels;
        var columns = new int[rowBytes]; // sums of three rows
        for (var y = 1; y < image.Height - 1; y++)
        {
            var above = image.Row(y - 1);
            var row = image.Row(y);
            var below = image.Row(y + 1);
            for (var i = 0; i < columns.Length; i++)
                columns[i] = above[i] + row[i] + below[i];
            SharpenRow(row, columns, image.Channels, factor, pixels.Slice(y * rowBytes, rowBytes));
        }

        return sharpened;
    }

    /// <summary>The luma (ITU-R 601) of the pixel that starts at a position; a grey image's own value.</summary>
    internal static int Luma(RasterImage image, int position)
    {
        var pixels = image.Pixels;
        return image.Channels == 3
            ? (19595 * pixels[position] + 38470 * pixels[position + 1] + 7471 * pixels[position + 2] + 0x8000) >> 16
            : pixels[position];
    }

    /// <summary>d + f·(value - d), cut off to a byte.</summary>
    internal static byte Blend(int degenerate, int value, float factor) =>
        (byte)Math.Clamp((int)(degenerate + factor * (value - degenerate)), 0, 255);

    private static void SharpenRow(ReadOnlySpan<byte> row, ReadOnlySpan<int> columns, int channels, float factor, Span<byte> target)
    {
        for (var i = channels; i < target.Length - channels; i++)
        {
            var sum = columns[i - channels] + columns[i] + columns[i + channels] + (CentreWeight - 1) * row[i];
            target[i] = Blend(_smoothed[sum], row[i], factor);
        }
    }
}
