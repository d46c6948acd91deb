namespace Tweedie.Images;

/// <summary>Many images in one, row by row.</summary>
public static class ContactSheet
{
    private const int Gap = 2;

    /// <summary>The longest side of a cell, pixels; larger images are shrunk to it.</summary>
    private const int LargestCell = 512;

    /// <summary>Draws images on a grey sheet; each cell has the size of the largest image, and no side of more than 512 pixels.</summary>
    /// <param name="images">The images, 1 or 3 channels; at least one. They are enumerated once, and each is shrunk before the next is asked for.</param>
    /// <param name="columns">Cells per row.</param>
    public static RasterImage Draw(IEnumerable<RasterImage> images, int columns)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(columns);
        var cells = images.Select(Fit).ToList();
        ArgumentOutOfRangeException.ThrowIfZero(cells.Count, nameof(images));
        var (cellWidth, cellHeight) = (cells.Max(image => image.Width) + Gap, cells.Max(image => image.Height) + Gap);
        var width = checked(Math.Min(columns, cells.Count) * cellWidth + Gap);
        var height = checked((cells.Count + columns - 1) / columns * cellHeight + Gap);
        var pixels = new byte[checked(width * height * 3)];
        Array.Fill(pixels, (byte)128);
        for (var i = 0; i < cells.Count; i++)
            Copy(cells[i], pixels, width, Gap + i % columns * cellWidth, Gap + i / columns * cellHeight);
        return new RasterImage(width, height, 3, pixels);
    }

    private static RasterImage Fit(RasterImage image)
    {
        var longest = Math.Max(image.Width, image.Height);
        return longest <= LargestCell ? image : BicubicResize.Apply(image, Shrink(image.Width), Shrink(image.Height));

        int Shrink(int length) => Math.Max(1, (int)((long)length * LargestCell / longest));
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
