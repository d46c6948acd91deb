namespace Tweedie.Images;

/// <summary>The parts of a captioned data set that a run uses.</summary>
/// <param name="Train">The images to learn from.</param>
/// <param name="Held">Images held out for choosing between models; null where <see cref="DataOptions.Holdout"/> is 0 and no validation part is used.</param>
public sealed record CaptionSplits(ICaptionSource Train, ICaptionSource? Held)
{
    /// <summary>What is left out of the training and held-out images, or read in a way that the user should know of, one sentence each.</summary>
    public IReadOnlyList<string> Warnings => [.. Train.Warnings.Union(Held?.Warnings ?? [])];

    /// <summary>Opens the data that the options name. The held-out part does not change with <see cref="DataOptions.Limit"/>.</summary>
    /// <param name="options">The options.</param>
    /// <param name="seed">The run's seed, for the held-out part and the limit.</param>
    /// <param name="channels">What image files decode to: 3 (sRGB) or 1 (grey).</param>
    /// <param name="cancellation">Ends the listing of folders.</param>
    /// <exception cref="TweedieException">A data set cannot be opened, or the options do not fit it.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static CaptionSplits Open(DataOptions options, long seed, int channels = 3, CancellationToken cancellation = default)
    {
        var all = CaptionSources.Open(options.Train, DataSplit.Train, options.Opening(channels), cancellation);
        var (train, held) = Holdout.Open(options, all, () => CaptionSources.Open(options.Train, DataSplit.Validation, options.Opening(channels), cancellation),
            (source, indices) => new CaptionSubset(source, indices), seed);
        return new CaptionSplits(train, held);
    }
}
