namespace Tweedie.Data;

/// <summary>The parts of a data set that a run uses. All have the same classes.</summary>
/// <param name="Train">The images to learn from.</param>
/// <param name="Held">Training images set aside for choosing; null where <see cref="DataOptions.Holdout"/> is 0.</param>
/// <param name="Test">The images to report on; null where the data set has no test split.</param>
public sealed record ImageSplits(IImageSource Train, IImageSource? Held, IImageSource? Test)
{
    /// <summary>Opens the data that the options name. The held-out part does not change with <see cref="DataOptions.Limit"/>.</summary>
    /// <param name="options">The options.</param>
    /// <param name="seed">The run's seed, for the held-out part and the limit.</param>
    /// <param name="channels">What image files decode to: 3 (sRGB) or 1 (grey).</param>
    /// <exception cref="TweedieException">A data set cannot be opened, or the options do not fit it.</exception>
    public static ImageSplits Open(DataOptions options, long seed, int channels = 3)
    {
        ArgumentNullException.ThrowIfNull(options);
        var all = ImageSources.Open(options.Train, DataSplit.Train, new ImageSourceOptions { Channels = channels });
        var (train, held) = options.Holdout == 0 ? (all, null) : Holdout.Split(all, options.Holdout, seed);
        if (options.Limit is { } limit && limit < train.Count)
            train = new SubsetSource(train, Holdout.StratifiedSample(train, limit, seed));

        var testSpecification = options.Test ?? (ImageSources.HasTestSplit(options.Train) ? options.Train : null);
        var testOptions = new ImageSourceOptions { Channels = channels, ClassNames = train.ClassNames };
        var test = testSpecification is null ? null : ImageSources.Open(testSpecification, DataSplit.Test, testOptions);
        return new ImageSplits(train, held, test);
    }
}
