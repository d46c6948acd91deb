using Tweedie.Storage;

namespace Tweedie.Images;

/// <summary>Opens captioned images by what a user writes in a config file or on the command line.</summary>
public static class CaptionSources
{
    private const string Generated = "scenes";

    /// <summary>
    /// Opens a split of a data set. The specification is one of
    /// <list type="bullet">
    /// <item>a folder in COCO's layout of any year: <c>annotations/captions_train2017.json</c> and <c>train2017/</c>, or
    /// <c>captions_train.json</c> and <c>train/</c>; the same with <c>val</c>; or a folder that holds exactly one such folder,</item>
    /// <item>Parquet shards with a column of captions: a folder, a file or a pattern (<see cref="ImageSources.Open"/>),</item>
    /// <item><c>scenes:count=5000,size=32,seed=1</c>: generated images (<see cref="SceneSource"/>).</item>
    /// </list>
    /// </summary>
    /// <param name="specification">The specification.</param>
    /// <param name="split">Which part; the test part of a folder is its test or validation part, whichever has captions. See <see cref="DataSplit.Validation"/>.</param>
    /// <param name="options">How the images are read; classes are not used.</param>
    /// <param name="cancellation">Ends the listing of folders.</param>
    /// <exception cref="TweedieException">Nothing is recognised, the split is missing, or the data are damaged or may not be read.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static ICaptionSource Open(string specification, DataSplit split, ImageSourceOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(specification);
        options = (options ?? new ImageSourceOptions()) with { NeedsLabels = false, ClassNames = null };
        if (IsGenerated(specification))
            return WithoutColumns(SceneSpecification.Parse(specification[Generated.Length..].TrimStart(':')).Open(split));
        if (Find(specification, split, options, cancellation) is { } coco)
            return WithoutColumns(new CocoCaptionSource(coco.Captions, coco.Images, options.Channels, cancellation) { Notes = coco.Notes });
        if (HasParquet(specification, cancellation))
            return new ParquetCaptionSource((ParquetSource)ImageSources.Open(specification, split, options, cancellation), cancellation);
        if (split == DataSplit.Validation && Recognizes(specification, cancellation))
            throw ImageSources.NoValidation(specification);
        throw new TweedieException(Directory.Exists(specification)
            ? $"'{specification}' has no {PartName(split)} part with captions: expected captions_{PartName(split)}.json and {PartName(split)}/, "
                + $"or annotations/captions_{PartName(split)}2017.json and {PartName(split)}2017/ (any year), or *.parquet."
            : $"'{specification}' is neither a folder with captioned images nor generated data such as '{Generated}:count=5000,size=32,seed=1'.");

        ICaptionSource WithoutColumns(ICaptionSource source)
        {
            ParquetColumns.Refuse(specification, options);
            return source;
        }
    }

    /// <summary>Whether a specification names captioned images, and not labelled ones.</summary>
    /// <param name="specification">The specification.</param>
    /// <param name="cancellation">Ends the listing of folders.</param>
    /// <exception cref="TweedieException">A folder may not be read.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static bool Recognizes(string specification, CancellationToken cancellation = default) => IsGenerated(specification)
        || (Find(specification, DataSplit.Train, new(), cancellation) ?? Find(specification, DataSplit.Test, new(), cancellation)) is not null;

    /// <summary>Whether a specification names generated scenes, which need no file.</summary>
    public static bool IsGenerated(string specification) =>
        specification == Generated || specification.StartsWith(Generated + ":", StringComparison.Ordinal);

    private static CocoLayout? Find(string folder, DataSplit split, ImageSourceOptions options, CancellationToken cancellation) =>
        Folder.Listing(folder, () => CocoLayout.Find(folder, split, options, cancellation) ?? CocoLayout.FindInside(folder, split, options, cancellation));

    private static bool HasParquet(string specification, CancellationToken cancellation) => specification.EndsWith(ParquetLayout.Suffix, StringComparison.OrdinalIgnoreCase)
        || (Directory.Exists(specification) && Folder.Listing(specification, () => DataFolder.Find(specification, wanted: null, cancellation)?.Layout is ParquetLayout));

    private static string PartName(DataSplit split) => split == DataSplit.Train ? "train" : "val";
}
