namespace Tweedie.Images;

/// <summary>
/// A decoded 8-bit image: rows from top to bottom, channels interleaved. Immutable once it is made: transforms return another image.
/// </summary>
public sealed class RasterImage
{
    private readonly byte[] _pixels;
    private readonly PixelMemory? _memory;

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
        (Width, Height, Channels, _pixels) = (width, height, channels, pixels);
    }

    /// <summary>Takes memory for an image that is still to be drawn; in rented memory its pixels are undefined, else black.</summary>
    internal RasterImage(int width, int height, int channels, PixelMemory? memory)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        (Width, Height, Channels, _memory) = (width, height, channels, memory);
        var length = checked(width * height * channels);
        _pixels = memory?.Rent(length) ?? new byte[length];
    }

    /// <summary>Pixels in a row.</summary>
    public int Width { get; }

    /// <summary>Number of rows.</summary>
    public int Height { get; }

    /// <summary>Values per pixel: 1 (grey) or 3 (red, green, blue).</summary>
    public int Channels { get; }

    /// <summary>The values 0..255, shape (Height, Width, Channels), row-major.</summary>
    public ReadOnlySpan<byte> Pixels => Canvas;

    /// <summary>Channels, height and width.</summary>
    public ImageShape Shape => new(Channels, Height, Width);

    /// <summary>The pixels, for the one who makes the image.</summary>
    internal Span<byte> Canvas => _pixels.AsSpan(0, Width * Height * Channels);

    /// <summary>An image of another size to draw on, in the same kind of memory.</summary>
    internal RasterImage New(int width, int height) => new(width, height, Channels, _memory);

    internal ReadOnlySpan<byte> Row(int y) => Pixels.Slice(y * Width * Channels, Width * Channels);

    /// <summary>The part inside a box, which lies inside the image.</summary>
    internal RasterImage Crop(CropBox box)
    {
        if (box == new CropBox(0, 0, Width, Height))
            return this;
        var rowBytes = box.Width * Channels;
        var part = New(box.Width, box.Height);
        for (var y = 0; y < box.Height; y++)
            Row(box.Top + y).Slice(box.Left * Channels, rowBytes).CopyTo(part.Canvas[(y * rowBytes)..]);
        return part;
    }
}
