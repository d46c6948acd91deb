namespace Tweedie.Images;

/// <summary>
/// The part of an image that is going to be used, chosen once the image's size is known, so that a source that decodes files need not decode more.
/// </summary>
public sealed class PartRequest
{
    private readonly RandomResizedCrop? _crop;
    private readonly SampleRandom _random;

    /// <summary>Creates a request.</summary>
    /// <param name="crop">What chooses the part; null takes the whole image.</param>
    /// <param name="random">The sample's own generator.</param>
    /// <param name="memory">Where the pixels go; null takes memory of their own.</param>
    internal PartRequest(RandomResizedCrop? crop, SampleRandom random, PixelMemory? memory)
    {
        (_crop, _random) = (crop, random);
        Memory = memory;
    }

    /// <summary>Where the pixels go.</summary>
    internal PixelMemory? Memory { get; }

    /// <summary>The part of a decoded image.</summary>
    public RasterImage Cut(RasterImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return image.Crop(ChooseBox(image.Width, image.Height));
    }

    /// <summary>Chooses the part of an image of the given size. It must be called only once.</summary>
    internal CropBox ChooseBox(int width, int height) => _crop?.DrawBox(width, height, _random) ?? new CropBox(0, 0, width, height);

    /// <summary>The factor (1, 2, 4 or 8) by which a part may be shrunk while it is decoded, so that it still has as many pixels as are asked for.</summary>
    internal int AllowedShrink(CropBox box)
    {
        if (_crop is null)
            return 1;
        var shrink = 8;
        while (shrink > 1 && Math.Min(box.Width, box.Height) < shrink * _crop.Size)
            shrink /= 2;
        return shrink;
    }
}
