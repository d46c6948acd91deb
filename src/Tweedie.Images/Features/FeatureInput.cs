namespace Tweedie.Images;

/// <summary>Features of images as samples, shape (M, d): in each epoch those of a view at random.</summary>
/// <param name="features">The features.</param>
/// <param name="options">The seed, and whether an image without features is an error.</param>
internal sealed class FeatureInput(FeatureSet features, ImageLoaderOptions options) : ISampleInput
{
    /// <inheritdoc/>
    public ImageShape Shape => new(1, features.Tokens, features.Width);

    /// <inheritdoc/>
    public BadImage? Fill(int epoch, int index, Span<float> values)
    {
        if (features.BadImages.TryGetValue(index, out var bad))
            return options.MaxBadShare > 0 ? bad : throw new TweedieException(bad.Reason);
        var view = features.Views == 1 ? 0 : new SampleRandom(Seeds.Derive(options.Seed, SeedPurpose.Augment, epoch, index)).NextInt(features.Views);
        features.Read(index, view, values);
        return null;
    }
}
