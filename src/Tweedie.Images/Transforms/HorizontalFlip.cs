namespace Tweedie.Images;

/// <summary>Mirrors an image left to right with a probability.</summary>
/// <param name="probability">The probability, 0 to 1.</param>
public sealed class HorizontalFlip(double probability = 0.5) : IImageTransform
{
    private readonly double _probability = probability is >= 0 and <= 1 ? probability
        : throw new ArgumentOutOfRangeException(nameof(probability), probability, "A probability lies between 0 and 1.");

    /// <inheritdoc/>
    public RasterImage Apply(RasterImage image, SampleRandom random)
    {
        if (!random.NextBool(_probability))
            return image;
        var (width, channels) = (image.Width, image.Channels);
        var flipped = image.New(width, image.Height);
        for (var y = 0; y < image.Height; y++)
        {
            var source = image.Row(y);
            var target = flipped.Canvas.Slice(y * width * channels, width * channels);
            for (var x = 0; x < width; x++)
                source.Slice(x * channels, channels).CopyTo(target[((width - 1 - x) * channels)..]);
        }

        return flipped;
    }
}
