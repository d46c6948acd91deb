namespace Tweedie.Images;

/// <summary>How a source is read.</summary>
public sealed record ImageSourceOptions
{
    /// <summary>
    /// Channels that image files decode to: 3 (sRGB, the default) or 1 (grey).
    /// IDX, CIFAR and generated images have their own number and ignore it.
    /// </summary>
    public int Channels { get; init; } = 3;

    /// <summary>
    /// The classes in label order, where they come from elsewhere: a test set takes its training set's, so that labels mean the same.
    /// By default the source finds its own.
    /// </summary>
    public IReadOnlyList<string>? ClassNames { get; init; }

    /// <summary>Whether labels are needed. If so, a test part that has none is passed over where there is another.</summary>
    internal bool NeedsLabels { get; init; } = true;
}
