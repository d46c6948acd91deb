namespace Tweedie.Images;

/// <summary>The parts of a data set that a run uses. All have the same classes.</summary>
public sealed class ImageSplits
{
    private readonly Lazy<IImageSource?> _test;

    private ImageSplits(IImageSource train, IImageSource? held, Func<IImageSource?> test) =>
        (Train, Held, _test) = (train, held, new Lazy<IImageSource?>(test));

    /// <summary>The images to learn from.</summary>
    public IImageSource Train { get; }

    /// <summary>Training images set aside for choosing between models; null where <see cref="DataOptions.Holdout"/> is 0.</summary>
    public IImageSource? Held { get; }

    /// <summary>
    /// The images to report on; null where the data set has no test split. The test split of <see cref="DataOptions.Train"/> is opened when it is
    /// first asked for, because training does not use it.
    /// </summary>
    /// <exception cref="TweedieException">It cannot be opened, or has other classes.</exception>
    public IImageSource? Test => _test.Value;

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

        var testOptions = new ImageSourceOptions { Channels = channels, ClassNames = train.ClassNames };
        var splits = new ImageSplits(train, held, () =>
        {
            var specification = options.Test ?? (ImageSources.HasTestSplit(options.Train) ? options.Train : null);
            return specification is null ? null : ImageSources.Open(specification, DataSplit.Test, testOptions);
        });
        if (options.Test is not null)
            _ = splits.Test; // a mistake in what the user named is found before the training
        return splits;
    }
}
