using NetVips;

namespace Tweedie.Images;

/// <summary>
/// Decodes JPEG, PNG, WebP, GIF (first frame), TIFF, BMP and Netpbm (PPM, PGM, PBM) to 8-bit sRGB or grey, also from CMYK and from 16 bits per channel. The EXIF
/// orientation is applied, transparency is flattened onto white, and a truncated image is an error rather than half a picture.
/// </summary>
public static class ImageDecoder
{
    /// <summary>
    /// The most pixels that an image may have; a header that claims more is refused before memory is taken for them. <see cref="ImageDecoderOptions"/> can allow fewer.
    /// </summary>
    public const int MaximumPixels = 100_000_000;

    /// <summary>The longest side that an image may have, pixels: JPEG's.</summary>
    public const int MaximumSide = 65_535;

    /// <summary>Decodes an image file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="channels">3 (sRGB) or 1 (grey, the luma of ITU-R BT.601).</param>
    /// <exception cref="TweedieException">The file cannot be read or is not a whole image.</exception>
    public static RasterImage DecodeFile(string path, int channels = 3) => DecodeFilePart(path, channels, request: null);

    /// <summary>Decodes an image from memory.</summary>
    /// <param name="encoded">The bytes of an image file.</param>
    /// <param name="name">What to call the image in messages.</param>
    /// <param name="channels">3 (sRGB) or 1 (grey, the luma of ITU-R BT.601).</param>
    /// <exception cref="TweedieException">The bytes are not a whole image.</exception>
    public static RasterImage Decode(ReadOnlySpan<byte> encoded, string name, int channels = 3) =>
        DecodePart(encoded, name, channels, request: null);

    /// <summary>Decodes an image from a stream, which is read from its position to its end.</summary>
    /// <param name="stream">The bytes of an image file. It stays open.</param>
    /// <param name="name">What to call the image in messages; null takes the file's name, if the stream is a file.</param>
    /// <param name="options">Channels and limits; null takes the defaults.</param>
    /// <exception cref="TweedieException">The stream cannot be read, exceeds a limit or is not a whole image, or an option is out of range.</exception>
    public static RasterImage Decode(Stream stream, string? name = null, ImageDecoderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var bytes = new BoundedBytes(stream, name, options ??= new());
        while (bytes.Room() is { IsEmpty: false } room && bytes.Add(bytes.Try(() => stream.Read(room.Span))))
            continue;
        return DecodePart(bytes.All, bytes.Name, options.Channels, request: null, options.MaximumPixels);
    }

    /// <summary>Decodes an image from a stream, which is read from its position to its end without blocking a thread.</summary>
    /// <param name="stream">The bytes of an image file. It stays open.</param>
    /// <param name="name">What to call the image in messages; null takes the file's name, if the stream is a file.</param>
    /// <param name="options">Channels and limits; null takes the defaults.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="TweedieException">The stream cannot be read, exceeds a limit or is not a whole image, or an option is out of range.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static async Task<RasterImage> DecodeAsync(Stream stream, string? name = null, ImageDecoderOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var bytes = new BoundedBytes(stream, name, options ??= new());
        while (bytes.Room() is { IsEmpty: false } room && bytes.Add(await bytes.TryAsync(() => stream.ReadAsync(room, cancellation)).ConfigureAwait(false)))
            continue;
        return DecodePart(bytes.All, bytes.Name, options.Channels, request: null, options.MaximumPixels);
    }

    /// <summary>Decodes a part of an image file, the whole where none is requested.</summary>
    internal static RasterImage DecodeFilePart(string path, int channels, PartRequest? request)
    {
        using var memory = new PixelMemory();
        return DecodePart(ReadFile(path, memory), path, channels, request);
    }

    private static ReadOnlySpan<byte> ReadFile(string path, PixelMemory memory)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            var length = checked((int)file.Length);
            var bytes = memory.Rent(length).AsSpan(0, length);
            file.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or OverflowException)
        {
            throw new TweedieException(
                $"'{path}' cannot be read: {(Directory.Exists(path) ? "it is a folder, give the image files in it" : error.Message)}", error, FaultKind.Storage);
        }
    }

    /// <summary>Decodes a part of an image, the whole where none is requested.</summary>
    internal static RasterImage DecodePart(ReadOnlySpan<byte> encoded, string name, int channels, PartRequest? request, int maximumPixels = MaximumPixels)
    {
        if (channels is not (1 or 3))
            throw new ArgumentOutOfRangeException(nameof(channels), channels, "Images decode to 1 or 3 channels.");
        if (encoded.IsEmpty)
            throw new TweedieException($"'{name}' cannot be read as an image: it is empty.");
        try
        {
            if (BmpDecoder.Recognises(encoded))
                return PartOf(BmpDecoder.Decode(encoded, maximumPixels), channels, request);
            return PnmDecoder.Recognises(encoded) ? PartOf(PnmDecoder.Decode(encoded, maximumPixels), channels, request)
                : VipsDecoder.Decode(encoded, channels, request, maximumPixels);
        }
        catch (Exception error) when (error is VipsException or InvalidDataException)
        {
            throw new TweedieException($"'{name}' cannot be read as an image: {Reason(error)}.", error);
        }
    }

    private static RasterImage PartOf(RasterImage image, int channels, PartRequest? request) =>
        ChannelConversion.To(request?.Cut(image) ?? image, channels, request?.Memory);

    /// <exception cref="InvalidDataException">The image is empty or too large.</exception>
    internal static void CheckSize(int width, long height, int maximumPixels)
    {
        if (width <= 0 || height <= 0)
            throw new InvalidDataException($"the header claims {width} x {height} pixels");
        if (width > MaximumSide || height > MaximumSide || width * height > maximumPixels)
            throw new InvalidDataException(
                $"the header claims {width} x {height} pixels, more than the {maximumPixels} in all or {MaximumSide} per side that are read; shrink the image");
    }

    /// <summary>The last line of libvips' message, which says what is wrong; the lines before it say which operations failed.</summary>
    private static string Reason(Exception error) =>
        error.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .LastOrDefault("unknown error").TrimEnd('.');
}
