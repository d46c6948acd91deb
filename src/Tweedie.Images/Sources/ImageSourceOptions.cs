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
    /// The classes in label order, where they come from elsewhere: a test set takes its training set's, so that labels mean the same. The source's
    /// classes are matched with them by name; images of other classes are left out, and <see cref="IImageSource.Warnings"/> says how many.
    /// By default the source finds its own classes.
    /// </summary>
    public IReadOnlyList<string>? ClassNames { get; init; }

    /// <summary>Other names of the <see cref="ClassNames"/>, in the same order, that are known too.</summary>
    public IReadOnlyList<string>? ClassAliases { get; init; }

    /// <summary>
    /// Whether labels are needed. If so, a Parquet file without a column of labels is refused, and a test part that has no labels is passed over where
    /// there is another.
    /// </summary>
    public bool NeedsLabels { get; init; } = true;

    /// <summary>The column of a Parquet file that holds the images; by default it is found by its name.</summary>
    public string? ImageColumn { get; init; }

    /// <summary>The column of a Parquet file that holds the labels; by default it is found by its name.</summary>
    public string? LabelColumn { get; init; }

    /// <summary>The column of a Parquet file that holds the captions; by default it is found by its name.</summary>
    public string? CaptionColumn { get; init; }

    /// <summary>Whether the validation part of the data is used too, so that nobody need be told of it.</summary>
    internal bool UsesValidation { get; init; }

    /// <summary>What was noticed when the data were found; the source adds it to its <see cref="IImageSource.Warnings"/>.</summary>
    internal IReadOnlyList<string> Notes { get; init; } = [];
}
