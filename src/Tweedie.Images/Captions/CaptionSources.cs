using Tweedie.Storage;

namespace Tweedie.Images;

/// <summary>Opens captioned images by what a user writes in a config file or on the command line.</summary>
public static class CaptionSources
{
    private const string Generated = "scenes";

    /// <summary>
    /// Opens a split of a data set. The specification is one of
    /// <list type="bullet">
    /// <item>a folder in COCO's 2017 layout: <c>annotations/captions_train2017.json</c> and <c>train2017/</c>, or
    /// <c>captions_train.json</c> and <c>train/</c>; the same with <c>val</c>,</item>
    /// <item>Parquet shards with <c>caption_enriched</c>: a folder, a file or a pattern (<see cref="ImageSources.Open"/>),</item>
    /// <item><c>scenes:count=5000,size=32,seed=1</c>: generated images (<see cref="SceneSource"/>).</item>
    /// </list>
    /// </summary>
    /// <param name="specification">The specification.</param>
    /// <param name="split">Which part; the test part of a folder is its <c>val</c>.</param>
    /// <param name="channels">What image files decode to: 3 (sRGB) or 1 (grey).</param>
    /// <exception cref="TweedieException">Nothing is recognised, the split is missing, or the data are damaged or may not be read.</exception>
    public static ICaptionSource Open(string specification, DataSplit split, int channels = 3)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(specification);
        if (IsGenerated(specification))
            return SceneSpecification.Parse(specification[Generated.Length..].TrimStart(':')).Open(split);
        if (Find(specification, split) is var (captions, images))
            return new CocoCaptionSource(captions, images, channels);
        if (HasParquet(specification))
            return new ParquetCaptionSource((ParquetSource)ImageSources.Open(
                specification, split, new ImageSourceOptions { Channels = channels, NeedsLabels = false }));
        throw new TweedieException(Directory.Exists(specification)
            ? $"'{specification}' has no {PartName(split)} part with captions: expected "
                + string.Join(", or ", Layouts(specification, split).Select(layout => $"{layout.Captions} and {layout.Images}/")) + ", or *.parquet."
            : $"'{specification}' is neither a folder with captioned images nor generated data such as '{Generated}:count=5000,size=32,seed=1'.");
    }

    /// <summary>Whether a specification names captioned images, and not labelled ones.</summary>
    public static bool Recognizes(string specification) => IsGenerated(specification)
        || (Find(specification, DataSplit.Train) ?? Find(specification, DataSplit.Test)) is not null;

    private static bool IsGenerated(string specification) =>
        specification == Generated || specification.StartsWith(Generated + ":", StringComparison.Ordinal);

    private static bool HasParquet(string specification) => specification.EndsWith(".parquet", StringComparison.OrdinalIgnoreCase)
        || (Directory.Exists(specification) && Folder.Listing(specification, () => Directory.EnumerateFiles(specification, "*.parquet").Any()));

    private static (string Captions, string Images)? Find(string folder, DataSplit split) =>
        Layouts(folder, split).Where(layout => File.Exists(layout.Captions)).Select(layout => ((string, string)?)layout).FirstOrDefault();

    private static (string Captions, string Images)[] Layouts(string folder, DataSplit split)
    {
        var part = PartName(split);
        return
        [
            (Path.Combine(folder, "annotations", $"captions_{part}2017.json"), Path.Combine(folder, $"{part}2017")),
            (Path.Combine(folder, $"captions_{part}.json"), Path.Combine(folder, part)),
        ];
    }

    private static string PartName(DataSplit split) => split == DataSplit.Train ? "train" : "val";
}
