namespace Tweedie.Images;

/// <summary>Applies transforms one after the other; without any it is the identity.</summary>
/// <param name="transforms">The transforms in order.</param>
public sealed class Compose(params IReadOnlyList<IImageTransform> transforms) : IImageTransform
{
    /// <summary>The random crop that comes first, if one does: it can be made while the image is decoded.</summary>
    internal RandomResizedCrop? FirstCrop => transforms.Count > 0 ? transforms[0] as RandomResizedCrop : null;

    /// <inheritdoc/>
    public RasterImage Apply(RasterImage image, SampleRandom random) => Apply(image, random, first: 0);

    /// <summary>Applies the transforms to a part that <see cref="FirstCrop"/> has already cut out.</summary>
    internal RasterImage ApplyToPart(RasterImage part, SampleRandom random) =>
        FirstCrop is { } crop ? Apply(crop.Resize(part), random, first: 1) : Apply(part, random);

    private RasterImage Apply(RasterImage image, SampleRandom random, int first)
    {
        for (var i = first; i < transforms.Count; i++)
            image = transforms[i].Apply(image, random);
        return image;
    }
}
