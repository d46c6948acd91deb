using NetVips;

namespace Tweedie.Images;

/// <summary>
/// Decodes with libvips, from the top down to the last row of the part that is wanted. JPEG shrinks by 2, 4 or 8 while it is decoded where
/// the part has pixels to spare.
/// </summary>
internal static class VipsDecoder
{
    // libvips reads far more formats (vector graphics, documents), which a folder of images does not need.
    private static readonly string[] _loaders = ["Jpeg", "Png", "Webp", "Nsgif", "Tiff"];

    /// <exception cref="VipsException">The bytes are not a whole image.</exception>
    /// <exception cref="InvalidDataException">The image is too large.</exception>
    public static RasterImage Decode(ReadOnlySpan<byte> encoded, int channels, PartRequest? request, int maximumPixels)
    {
        VipsLibrary.EnsureLoaded();
        if (Image.FindLoadBuffer(encoded) is not { } loader || !_loaders.Any(format => loader.StartsWith($"VipsForeignLoad{format}", StringComparison.Ordinal)))
            throw new InvalidDataException(ForeignContent.Describe(encoded) ?? "it is none of JPEG, PNG, WebP, GIF, TIFF, BMP and Netpbm");
        using var header = Image.NewFromBuffer(encoded, access: Enums.Access.Sequential, failOn: Enums.FailOn.Error);
        ImageDecoder.CheckSize(header.Width, header.Height, maximumPixels);
        if (IsTurned(header))
            return DecodeTurned(encoded, channels, request);
        var box = request?.ChooseBox(header.Width, header.Height) ?? new CropBox(0, 0, header.Width, header.Height);
        var shrink = IsJpeg(encoded) && request is not null ? request.AllowedShrink(box) : 1;
        if (shrink == 1)
            return Decode(header, box, channels, request?.Memory);
        using var smaller = Image.NewFromBuffer(
            encoded, access: Enums.Access.Sequential, failOn: Enums.FailOn.Error, kwargs: new VOption { { "shrink", shrink } });
        return Decode(smaller, Shrink(box, shrink, smaller.Width, smaller.Height), channels, request!.Memory);
    }

    /// <summary>Decodes an image that has to be turned, which needs the whole image at once.</summary>
    private static RasterImage DecodeTurned(ReadOnlySpan<byte> encoded, int channels, PartRequest? request)
    {
        using var loaded = Image.NewFromBuffer(encoded, failOn: Enums.FailOn.Error);
        using var upright = loaded.Autorot();
        var box = request?.ChooseBox(upright.Width, upright.Height) ?? new CropBox(0, 0, upright.Width, upright.Height);
        return Decode(upright, box, channels, request?.Memory);
    }

    private static RasterImage Decode(Image image, CropBox box, int channels, PixelMemory? memory)
    {
        if (image.Format == Enums.BandFormat.Uchar && image is { Interpretation: Enums.Interpretation.Srgb, Bands: 3 } or { Interpretation: Enums.Interpretation.Bw, Bands: 1 })
            return ChannelConversion.To(CopyPixels(image, box, memory), channels, memory);
        using var colour = image.Colourspace(Enums.Interpretation.Srgb);
        using var opaque = colour.HasAlpha() ? colour.Flatten(background: [255]) : colour.Copy();
        using var bytes = opaque.Cast(Enums.BandFormat.Uchar);
        return ChannelConversion.To(CopyPixels(bytes, box, memory), channels, memory);
    }

    private static RasterImage CopyPixels(Image image, CropBox box, PixelMemory? memory)
    {
        var pixels = new RasterImage(box.Width, box.Height, image.Bands, memory);
        VipsPixels.Copy(image, box, pixels.Canvas);
        return pixels;
    }

    /// <summary>The box in an image that was shrunk, to the nearest pixel.</summary>
    private static CropBox Shrink(CropBox box, int shrink, int width, int height)
    {
        var (boxWidth, boxHeight) = (Math.Min(box.Width / shrink, width), Math.Min(box.Height / shrink, height));
        var (left, top) = ((box.Left + shrink / 2) / shrink, (box.Top + shrink / 2) / shrink);
        return new CropBox(Math.Min(left, width - boxWidth), Math.Min(top, height - boxHeight), boxWidth, boxHeight);
    }

    private static bool IsTurned(Image image) => image.Contains("orientation") && (int)image.Get("orientation") > 1;

    private static bool IsJpeg(ReadOnlySpan<byte> encoded) => encoded.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]);
}
