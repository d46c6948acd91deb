namespace Tweedie.Data;

/// <summary>Applies transforms one after the other; without any it is the identity.</summary>
/// <param name="transforms">The transforms in order.</param>
public sealed class Compose(params IReadOnlyList<IImageTransform> transforms) : IImageTransform
{
    /// <inheritdoc/>
    public RasterImage Apply(RasterImage image, SampleRandom random)
    {
        foreach (var transform in transforms)
            image = transform.Apply(image, random);
        return image;
    }
}
