namespace Tweedie.Data;

/// <summary>Many images in one, row by row.</summary>
public static class ContactSheet
{
    private const int Gap = 2;

    /// <summary>Draws images on a grey sheet; each cell has the size of the largest image.</summary>
    /// <param name="images">The images, 1 or 3 channels; at least one.</param>
    /// <param name="columns">Cells a row.</param>
    public static RasterImage Draw(IReadOnlyList<RasterImage> images, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfZero(images.Count);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(columns);
        var (cellWidth, cellHeight) = (images.Max(image => image.Width) + Gap, images.Max(image => image.Height) + Gap);
        var width = Math.Min(columns, images.Count) * cellWidth + Gap;
        var height = (images.Count + columns - 1) / columns * cellHeight + Gap;
        var pixels = new byte[width * height * 3];
        Array.Fill(pixels, (byte)128);
        for (var i = 0; i < images.Count; i++)
            Copy(images[i], pixels, width, Gap + i % columns * cellWidth, Gap + i / columns * cellHeight);
        return new RasterImage(width, height, 3, pixels);
    }

    private static void Copy(RasterImage image, byte[] sheet, int sheetWidth, int left, int top)
    {
        for (var y = 0; y < image.Height; y++)
            for (var x = 0; x < image.Width; x++)
                for (var channel = 0; channel < 3; channel++)
                    sheet[((top + y) * sheetWidth + left + x) * 3 + channel] =
                        image.Pixels[(y * image.Width + x) * image.Channels + channel % image.Channels];
    }
}
