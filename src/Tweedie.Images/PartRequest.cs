namespace Tweedie.Images;

/// <summary>
/// The part of an image that is going to be used, chosen when its size is known: a source that decodes files need not decode more.
/// </summary>
public sealed class PartRequest
{
    private readonly RandomResizedCrop? _crop;
    private readonly SampleRandom _random;

    /// <summary>Creates a request.</summary>
    /// <param name="crop">What chooses the part; null is the whole image.</param>
    /// <param name="random">The sample's own generator.</param>
    /// <param name="memory">Where the pixels go; null is memory of their own.</param>
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

    /// <summary>Chooses the part of an image of a size. To be called once.</summary>
    internal CropBox ChooseBox(int width, int height) => _crop?.DrawBox(width, height, _random) ?? new CropBox(0, 0, width, height);

    /// <summary>By how much a part may be shrunk while it is decoded, 1, 2, 4 or 8, so that it still has the pixels that are asked for.</summary>
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
