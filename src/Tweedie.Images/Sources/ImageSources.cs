using Tweedie.Storage;

namespace Tweedie.Images;

/// <summary>Opens image sources by what a user writes in a config file or on the command line.</summary>
public static class ImageSources
{
    private const string Generated = "shapes";
    private const string ParquetSuffix = ".parquet";

    /// <summary>
    /// Opens a split of a data set. The specification is one of
    /// <list type="bullet">
    /// <item>a folder with IDX files (<c>train-images-idx3-ubyte</c>, <c>t10k-images-idx3-ubyte</c>, their labels; plain or
    /// <c>.gz</c>),</item>
    /// <item>a folder with CIFAR-10 (<c>data_batch_1.bin</c> …, <c>test_batch.bin</c>) or CIFAR-100 (<c>train.bin</c>,
    /// <c>test.bin</c>),</item>
    /// <item>a folder with <c>train/CLASS/IMAGE</c> and <c>test/</c> or <c>val/</c>, or with <c>CLASS/IMAGE</c> alone,</item>
    /// <item>a folder with Parquet shards <c>train*.parquet</c>, and <c>test*.parquet</c> or <c>val*.parquet</c>
    /// (<see cref="ParquetSource"/>),</item>
    /// <item>one IDX images file, CIFAR <c>.bin</c> file or Parquet file, or several of these, as <c>folder/train-*.parquet</c>,</item>
    /// <item><c>shapes:count=2000,size=32,seed=7</c>: generated images (<see cref="ShapeSource"/>).</item>
    /// </list>
    /// A single file and a folder of class folders have no splits: both splits are the whole. Of <c>test</c> and <c>val</c>, the first is
    /// taken, unless it is unlabelled, as a contest's: a folder without any of the training classes, or Parquet rows without a label.
    /// </summary>
    /// <exception cref="TweedieException">Nothing is recognised, the split is missing, or the data is damaged or may not be read.</exception>
    public static IImageSource Open(string specification, DataSplit split, ImageSourceOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(specification);
        options ??= new ImageSourceOptions();
        if (IsGenerated(specification))
            return ShapeSpecification.Parse(specification[Generated.Length..].TrimStart(':')).Open(split);
        if (Directory.Exists(specification))
            return Folder.Listing(specification, () => OpenFolder(specification, split, options));
        if (File.Exists(specification))
            return OpenFile(specification, options);
        if (specification.EndsWith(ParquetSuffix, StringComparison.OrdinalIgnoreCase) && specification.AsSpan().ContainsAny('*', '?'))
            return OpenParquet(specification, options);
        throw new TweedieException(
            $"'{specification}' is neither a folder nor a file, nor generated data such as 'shapes:count=2000,size=32,seed=7'.");
    }

    /// <summary>
    /// Whether a specification has a test split of its own. False for a single file and for a folder of class folders alone.
    /// </summary>
    /// <exception cref="TweedieException">The folder may not be read.</exception>
    public static bool HasTestSplit(string specification)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(specification);
        if (!Directory.Exists(specification))
            return IsGenerated(specification);
        return Folder.Listing(specification, () => LayoutOf(specification)?.Has(specification, DataSplit.Test) == true);
    }

    private static bool IsGenerated(string specification) =>
        specification == Generated || specification.StartsWith(Generated + ":", StringComparison.Ordinal);

    private static IImageSource OpenFolder(string folder, DataSplit split, ImageSourceOptions options)
    {
        var layout = LayoutOf(folder)
            ?? throw new TweedieException($"'{folder}' holds no known data set: looked for {string.Join("; ", FolderLayout.All.Select(known => known.Expected))}.");
        return layout.Open(folder, split, options)
            ?? throw new TweedieException($"'{folder}' has no {(split == DataSplit.Train ? "training" : "test")} split: expected {layout.Expected}.");
    }

    private static FolderLayout? LayoutOf(string folder) => FolderLayout.All.FirstOrDefault(layout => layout.Fits(folder));

    private static IImageSource OpenFile(string path, ImageSourceOptions options)
    {
        var name = Path.GetFileName(path);
        if (name.Contains("idx3", StringComparison.Ordinal))
            return new IdxSource(path, IdxSource.FindLabels(path), options.ClassNames);
        if (name.EndsWith(ParquetSuffix, StringComparison.OrdinalIgnoreCase))
            return new ParquetSource(path, [path], options.Channels, options.ClassNames);
        if (name is "train.bin" or "test.bin")
            return CifarSource.OpenCifar100([path], options.ClassNames);
        if (name.EndsWith(".bin", StringComparison.OrdinalIgnoreCase))
            return CifarSource.OpenCifar10([path], options.ClassNames);
        throw new TweedieException(
            $"'{path}' is no known data file: expected an IDX images file (…-images-idx3-ubyte[.gz]) " +
            "a CIFAR file (data_batch_1.bin, train.bin) or a Parquet file (….parquet).");
    }

    private static ParquetSource OpenParquet(string pattern, ImageSourceOptions options)
    {
        var folder = Path.GetDirectoryName(pattern) is { Length: > 0 } parent ? parent : ".";
        var paths = Directory.Exists(folder) ? Folder.Listing(folder, () => Directory.GetFiles(folder, Path.GetFileName(pattern))) : [];
        return paths.Length > 0
            ? new ParquetSource(pattern, [.. paths.Order(StringComparer.Ordinal)], options.Channels, options.ClassNames)
            : throw new TweedieException($"No file is called '{pattern}'; only the last part of a path may have * and ?.");
    }
}
