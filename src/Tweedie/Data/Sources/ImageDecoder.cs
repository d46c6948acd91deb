using NetVips;

namespace Tweedie.Data;

/// <summary>
/// Decodes JPEG, PNG, WebP, GIF (first frame), TIFF and BMP to 8-bit sRGB or grey. The EXIF orientation is applied,
/// transparency is flattened onto white, and a truncated image is an error rather than half a picture.
/// </summary>
public static class ImageDecoder
{
    /// <summary>The most pixels that an image may have; a header that claims more is refused before memory is taken for them.</summary>
    public const int MaximumPixels = 100_000_000;

    /// <summary>The longest side that an image may have, pixels: JPEG's.</summary>
    public const int MaximumSide = 65_535;

    private static readonly string[] _loaders = ["Jpeg", "Png", "Webp", "Nsgif", "Tiff"];

    // libvips also prints what it reports as an error, which would put several lines where the user should read one.
    static ImageDecoder() => Log.SetLogHandler("VIPS", Enums.LogLevelFlags.Warning, (_, _, _) => { });

    /// <summary>Decodes an image file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="channels">3 (sRGB) or 1 (grey, the luma of ITU-R BT.601).</param>
    /// <exception cref="TweedieException">The file cannot be read or is no whole image.</exception>
    public static RasterImage DecodeFile(string path, int channels = 3)
    {
        try
        {
            return Decode(File.ReadAllBytes(path), path, channels);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new TweedieException($"'{path}' cannot be read: {error.Message}", error);
        }
    }

    /// <summary>Decodes an image from memory.</summary>
    /// <param name="encoded">The bytes of an image file.</param>
    /// <param name="name">What to call the image in messages.</param>
    /// <param name="channels">3 (sRGB) or 1 (grey, the luma of ITU-R BT.601).</param>
    /// <exception cref="TweedieException">The bytes are no whole image.</exception>
    public static RasterImage Decode(byte[] encoded, string name, int channels = 3)
    {
        ArgumentNullException.ThrowIfNull(encoded);
        if (channels is not (1 or 3))
            throw new ArgumentOutOfRangeException(nameof(channels), channels, "Images decode to 1 or 3 channels.");
        if (encoded.Length == 0)
            throw new TweedieException($"'{name}' cannot be read as an image: it is empty.");
        try
        {
            var image = BmpDecoder.Recognises(encoded) ? BmpDecoder.Decode(encoded) : DecodeWithVips(encoded);
            return channels == 3 ? image : ToGrey(image);
        }
        catch (Exception error) when (error is VipsException or InvalidDataException)
        {
            throw new TweedieException($"'{name}' cannot be read as an image: {Reason(error)}.", error);
        }
    }

    private static RasterImage DecodeWithVips(byte[] encoded)
    {
        // libvips reads far more (vector graphics, documents), which a folder of images has no need of.
        if (Image.FindLoadBuffer(encoded) is not { } loader || !_loaders.Any(format => loader.StartsWith($"VipsForeignLoad{format}", StringComparison.Ordinal)))
            throw new InvalidDataException("it is none of JPEG, PNG, WebP, GIF, TIFF and BMP");
        using var loaded = Image.NewFromBuffer(encoded, failOn: Enums.FailOn.Error);
        CheckSize(loaded.Width, loaded.Height);
        using var upright = loaded.Autorot();
        using var colour = upright.Colourspace(Enums.Interpretation.Srgb);
        using var opaque = colour.HasAlpha() ? colour.Flatten(background: [255]) : colour.Copy();
        using var bytes = opaque.Cast(Enums.BandFormat.Uchar);
        return new RasterImage(bytes.Width, bytes.Height, 3, bytes.WriteToMemory<byte>());
    }

    /// <exception cref="InvalidDataException">The image is empty or too large.</exception>
    internal static void CheckSize(int width, long height)
    {
        if (width <= 0 || height <= 0)
            throw new InvalidDataException($"the header claims {width} x {height} pixels");
        if (width > MaximumSide || height > MaximumSide || width * height > MaximumPixels)
            throw new InvalidDataException(
                $"the header claims {width} x {height} pixels, at most {MaximumPixels} and {MaximumSide} a side are read; shrink the image");
    }

    private static RasterImage ToGrey(RasterImage image)
    {
        var grey = new byte[image.Width * image.Height];
        for (var i = 0; i < grey.Length; i++)
        {
            var pixel = image.Pixels.AsSpan(3 * i, 3);
            grey[i] = (byte)((299 * pixel[0] + 587 * pixel[1] + 114 * pixel[2] + 500) / 1000);
        }

        return new RasterImage(image.Width, image.Height, 1, grey);
    }

    /// <summary>The last line of libvips' message, which says what is wrong; those before say which operations failed.</summary>
    private static string Reason(Exception error) =>
        error.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .LastOrDefault("unknown error").TrimEnd('.');
}
