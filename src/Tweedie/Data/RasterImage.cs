namespace Tweedie.Data;

/// <summary>
/// A decoded 8-bit image: rows from top to bottom, channels interleaved. Treated as immutable: transforms return another image.
/// </summary>
public sealed class RasterImage
{
    /// <summary>Wraps pixels of shape (height, width, channels).</summary>
    /// <exception cref="ArgumentException">A size is not positive, or the number of pixels does not fit the sizes.</exception>
    public RasterImage(int width, int height, int channels, byte[] pixels)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(channels);
        ArgumentNullException.ThrowIfNull(pixels);
        if (pixels.Length != (long)width * height * channels)
            throw new ArgumentException($"{pixels.Length} bytes are not {width} x {height} pixels of {channels} channels.", nameof(pixels));
        (Width, Height, Channels, Pixels) = (width, height, channels, pixels);
    }

    /// <summary>Pixels in a row.</summary>
    public int Width { get; }

    /// <summary>Number of rows.</summary>
    public int Height { get; }

    /// <summary>Values a pixel: 1 (grey) or 3 (red, green, blue).</summary>
    public int Channels { get; }

    /// <summary>The values 0..255, shape (Height, Width, Channels), row-major.</summary>
    public byte[] Pixels { get; }

    /// <summary>Channels, height and width.</summary>
    public ImageShape Shape => new(Channels, Height, Width);

    internal ReadOnlySpan<byte> Row(int y) => Pixels.AsSpan(y * Width * Channels, Width * Channels);

    /// <summary>The part inside a box, which lies inside the image.</summary>
    internal RasterImage Crop(CropBox box)
    {
        if (box == new CropBox(0, 0, Width, Height))
            return this;
        var rowBytes = box.Width * Channels;
        var pixels = new byte[box.Height * rowBytes];
        for (var y = 0; y < box.Height; y++)
            Row(box.Top + y).Slice(box.Left * Channels, rowBytes).CopyTo(pixels.AsSpan(y * rowBytes));
        return new RasterImage(box.Width, box.Height, Channels, pixels);
    }
}
