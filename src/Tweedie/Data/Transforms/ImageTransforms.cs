namespace Tweedie.Data;

/// <summary>The usual chains of transforms.</summary>
public static class ImageTransforms
{
    /// <summary>Resize and centre crop to the size, nothing random.</summary>
    /// <param name="size">Height and width of the network's input in pixels.</param>
    public static IImageTransform ForEvaluation(int size) => new ResizeCrop(size);

    /// <summary>Resize and centre crop to the size, then the random changes that the options name.</summary>
    /// <param name="size">Height and width of the network's input in pixels.</param>
    /// <param name="options">The random changes.</param>
    public static IImageTransform ForTraining(int size, AugmentOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var transforms = new List<IImageTransform> { new ResizeCrop(size) };
        if (options.PadCrop > 0)
            transforms.Add(new PadCrop(options.PadCrop));
        if (options.Flip)
            transforms.Add(new HorizontalFlip());
        return new Compose(transforms);
    }
}
