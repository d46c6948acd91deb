namespace Tweedie.Images;

/// <summary>The parts of a data set that a run uses. All have the same classes.</summary>
public sealed class ImageSplits
{
    private readonly Lazy<IImageSource?> _test;

    private ImageSplits(IImageSource train, IImageSource? held, Func<IImageSource?> test) =>
        (Train, Held, _test) = (train, held, new Lazy<IImageSource?>(test));

    /// <summary>The images to learn from.</summary>
    public IImageSource Train { get; }

    /// <summary>Images held out for choosing between models; null where <see cref="DataOptions.Holdout"/> is 0 and no validation part is used.</summary>
    public IImageSource? Held { get; }

    /// <summary>
    /// The images to report on; null where the data set has no test split. The test split of <see cref="DataOptions.Train"/> is opened when it is
    /// first asked for, because training does not use it.
    /// </summary>
    /// <exception cref="TweedieException">It cannot be opened, or has none of the training classes.</exception>
    public IImageSource? Test => _test.Value;

    /// <summary>
    /// What is left out, or read in a way that the user should know of, one sentence each: of the training and held-out images, and of test images that were
    /// opened.
    /// </summary>
    public IReadOnlyList<string> Warnings => [.. Train.Warnings.Union(Held?.Warnings ?? []), .. _test.IsValueCreated ? Test?.Warnings ?? [] : []];

    /// <summary>Opens the data that the options name. The held-out part does not change with <see cref="DataOptions.Limit"/>.</summary>
    /// <param name="options">The options.</param>
    /// <param name="seed">The run's seed, for the held-out part and the limit.</param>
    /// <param name="channels">What image files decode to: 3 (sRGB) or 1 (grey).</param>
    /// <param name="classNames">The classes in label order, which those of the data are matched with by name; by default the training images have their own.</param>
    /// <param name="cancellation">Ends the listing of folders.</param>
    /// <exception cref="TweedieException">A data set cannot be opened, or the options do not fit it.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static ImageSplits Open(
        DataOptions options, long seed, int channels = 3, IReadOnlyList<string>? classNames = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var opening = options.Opening(channels);
        var all = ImageSources.Open(options.Train, DataSplit.Train, opening with { ClassNames = classNames }, cancellation);
        var testOptions = opening with { ClassNames = all.ClassNames };
        var (train, held) = Holdout.Open(options, all, () => ImageSources.Open(options.Train, DataSplit.Validation, testOptions, cancellation),
            (source, indices) => new SubsetSource(source, indices), seed);

        var splits = new ImageSplits(train, held, () =>
        {
            var specification = options.Test ?? (ImageSources.HasTestSplit(options.Train, cancellation) ? options.Train : null);
            return specification is null ? null : ImageSources.Open(specification, DataSplit.Test, testOptions, cancellation);
        });
        if (options.Test is not null)
            _ = splits.Test; // a mistake in what the user named is found before the training
        return splits;
    }
}
