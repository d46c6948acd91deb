namespace Tweedie.Images;

/// <summary>The usual chain of transforms.</summary>
public static class ImageTransforms
{
    /// <summary>
    /// The random changes to 8-bit images that the options name, with results of the given size: a random resized crop, or else a resize and
    /// centre crop; a padded crop; a flip; RandAugment.
    /// </summary>
    /// <param name="size">Height and width of the network's input in pixels.</param>
    /// <param name="options">The random changes.</param>
    /// <param name="normalization">What follows: its mean is the colour that RandAugment fills in.</param>
    /// <exception cref="TweedieException">The settings of RandAugment cannot be read.</exception>
    public static IImageTransform ForTraining(int size, AugmentOptions options, Normalization normalization)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(normalization);
        var transforms = new List<IImageTransform>
        {
            options.RandomResizedCrop is { } crop ? new RandomResizedCrop(size, crop) : new ResizeCrop(size),
        };
        if (options.PadCrop > 0)
            transforms.Add(new PadCrop(options.PadCrop));
        if (options.Flip)
            transforms.Add(new HorizontalFlip());
        if (options.RandAugment is { } policy)
            transforms.Add(new RandAugment(RandAugmentPolicy.Parse(policy), normalization.Mean));
        return new Compose(transforms);
    }
}
