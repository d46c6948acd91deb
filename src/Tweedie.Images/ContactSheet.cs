namespace Tweedie.Images;

/// <summary>Many images in one, row by row, in cells of 160 x 160 pixels, each with a line of text under it.</summary>
public static class ContactSheet
{
    private const int Cell = 160; // height and width of the place of an image, pixels
    private const int Gap = 8;
    private const int CellHeight = Cell + Lettering.LineHeight + Gap;
    private const byte Ground = 48;

    /// <summary>Draws images on a dark sheet. A large image is shrunk to its cell; a small one is enlarged by a whole number, so that its pixels can be seen.</summary>
    /// <param name="images">
    /// The images, 1 or 3 channels, at least one, and a text for each, which is cut where it is too long. They are enumerated once, and each is fitted to its
    /// cell before the next is asked for.
    /// </param>
    /// <param name="columns">Cells per row.</param>
    /// <exception cref="TweedieException">A text cannot be drawn.</exception>
    public static RasterImage Draw(IEnumerable<(RasterImage Image, string Text)> images, int columns)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(columns);
        var cells = images.Select(entry => (Image: Fit(entry.Image), Text: Lettering.Draw(entry.Text, Cell))).ToList();
        ArgumentOutOfRangeException.ThrowIfZero(cells.Count, nameof(images));
        var sheet = new RasterImage(
            checked(Math.Min(columns, cells.Count) * (Cell + Gap) + Gap), checked((cells.Count + columns - 1) / columns * (CellHeight + Gap) + Gap), 3, memory: null);
        sheet.Canvas.Fill(Ground);
        foreach (var (number, (image, text)) in cells.Index())
        {
            var (left, top) = (Gap + number % columns * (Cell + Gap), Gap + number / columns * (CellHeight + Gap));
            Copy(image, sheet, left + (Cell - image.Width) / 2, top + (Cell - image.Height) / 2);
            if (text is not null)
                Write(text, sheet, left + (Cell - text.Width) / 2, top + Cell + Gap / 2);
        }
        return sheet;
    }

    private static RasterImage Fit(RasterImage image)
    {
        var longest = Math.Max(image.Width, image.Height);
        return longest <= Cell ? Enlarge(image, Cell / longest) : AntialiasedResize.Apply(image, Shrink(image.Width), Shrink(image.Height));

        int Shrink(int length) => Math.Max(1, (int)((long)length * Cell / longest));
    }

    private static RasterImage Enlarge(RasterImage image, int times)
    {
        var large = new RasterImage(image.Width * times, image.Height * times, image.Channels, memory: null);
        for (var y = 0; y < large.Height; y++)
            for (var x = 0; x < large.Width; x++)
                image.Row(y / times).Slice(x / times * image.Channels, image.Channels).CopyTo(large.Canvas[((y * large.Width + x) * image.Channels)..]);
        return large;
    }

    private static void Copy(RasterImage image, RasterImage sheet, int left, int top)
    {
        for (var y = 0; y < image.Height; y++)
            for (var x = 0; x < image.Width; x++)
                for (var channel = 0; channel < 3; channel++)
                    sheet.Canvas[((top + y) * sheet.Width + left + x) * 3 + channel] = image.Pixels[(y * image.Width + x) * image.Channels + channel % image.Channels];
    }

    // The mask's values say how much of each pixel the letters cover.
    private static void Write(RasterImage mask, RasterImage sheet, int left, int top)
    {
        var height = Math.Min(mask.Height, CellHeight - Cell);
        for (var y = 0; y < height; y++)
            for (var x = 0; x < mask.Width; x++)
            {
                var value = (byte)(Ground + (byte.MaxValue - Ground) * mask.Pixels[y * mask.Width + x] / byte.MaxValue);
                sheet.Canvas.Slice(((top + y) * sheet.Width + left + x) * 3, 3).Fill(value);
            }
    }
}
