using System.ComponentModel.DataAnnotations;

namespace Tweedie.Images;

/// <summary>How an image from a stream is decoded, and how large it may be. A host lowers the limits for images that strangers send.</summary>
public sealed record ImageDecoderOptions
{
    /// <summary>3 (sRGB) or 1 (grey, the luma of ITU-R BT.601).</summary>
    [AllowedValues(1, 3)]
    public int Channels { get; init; } = 3;

    /// <summary>The most pixels: a header that claims more is refused before memory is taken for them.</summary>
    [Range(1, ImageDecoder.MaximumPixels)]
    public int MaximumPixels { get; init; } = ImageDecoder.MaximumPixels;

    /// <summary>The most bytes of the encoded image: a longer stream is refused as soon as that is known. The default is 256 MiB.</summary>
    [Range(1, int.MaxValue - 64)]
    public int MaximumBytes { get; init; } = 256 << 20;
}
