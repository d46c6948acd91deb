using Tweedie.Formats;

namespace Tweedie.Data;

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
        return Folder.Listing(specification, () =>
        {
            var layout = DetectLayout(specification);
            return layout switch
            {
                FolderLayout.Idx => IdxSource.FindImages(specification, DataSplit.Test) is not null,
                FolderLayout.Cifar10 or FolderLayout.Cifar100 => CifarFiles(specification, layout, DataSplit.Test).Length > 0,
                FolderLayout.Parquet => ParquetParts(specification, DataSplit.Test).Any(),
                FolderLayout.SplitFolders => TestFolder(specification) is not null,
                _ => false,
            };
        });
    }

    private static bool IsGenerated(string specification) =>
        specification == Generated || specification.StartsWith(Generated + ":", StringComparison.Ordinal);

    private static IImageSource OpenFolder(string folder, DataSplit split, ImageSourceOptions options)
    {
        switch (DetectLayout(folder))
        {
            case FolderLayout.Idx:
                var images = IdxSource.FindImages(folder, split)
                    ?? throw MissingSplit(folder, split, "train-images-idx3-ubyte[.gz] and t10k-images-idx3-ubyte[.gz]");
                return new IdxSource(images, IdxSource.FindLabels(images), options.ClassNames);
            case FolderLayout.Cifar10:
                var batches = CifarFiles(folder, FolderLayout.Cifar10, split);
                return batches.Length > 0 ? CifarSource.OpenCifar10(batches, options.ClassNames)
                    : throw MissingSplit(folder, split, "data_batch_1.bin … and test_batch.bin");
            case FolderLayout.Cifar100:
                var files = CifarFiles(folder, FolderLayout.Cifar100, split);
                return files.Length > 0 ? CifarSource.OpenCifar100(files, options.ClassNames)
                    : throw MissingSplit(folder, split, "train.bin and test.bin");
            case FolderLayout.Parquet:
                return OpenShards(folder, split, options)
                    ?? throw MissingSplit(folder, split, "train*.parquet, and test*.parquet or val*.parquet");
            case FolderLayout.SplitFolders:
                var train = Path.Combine(folder, "train");
                var part = split == DataSplit.Train ? train : TestFolder(folder)
                    ?? throw MissingSplit(folder, split, "train/, and test/ or val/");
                // Labels mean the training classes, also where the test part lacks one.
                var names = options.ClassNames ?? FolderIndex.ClassNames(train);
                return new ImageFolderSource(part, options.Channels, names);
            case FolderLayout.ClassFolders:
                return new ImageFolderSource(folder, options.Channels, options.ClassNames);
            default:
                throw new TweedieException(
                    $"'{folder}' holds no known data set: looked for IDX files (train-images-idx3-ubyte[.gz], …), " +
                    "CIFAR-10 (data_batch_*.bin, test_batch.bin), CIFAR-100 (train.bin, test.bin), train*.parquet, " +
                    "train/CLASS/IMAGE with test/ or val/, and CLASS/IMAGE.");
        }
    }

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

    private static ParquetSource? OpenShards(string folder, DataSplit split, ImageSourceOptions options)
    {
        ParquetSource? unlabelled = null;
        foreach (var shards in ParquetParts(folder, split))
        {
            var source = new ParquetSource(folder, shards, options.Channels, options.ClassNames);
            if (source.HasLabels || !options.NeedsLabels)
                return source;
            unlabelled ??= source;
        }

        return unlabelled;
    }

    private static FolderLayout DetectLayout(string folder)
    {
        DataSplit[] splits = [DataSplit.Train, DataSplit.Test];
        if (splits.Any(split => IdxSource.FindImages(folder, split) is not null))
            return FolderLayout.Idx;
        if (File.Exists(Path.Combine(folder, "test_batch.bin")) || Directory.EnumerateFiles(folder, "data_batch_*.bin").Any())
            return FolderLayout.Cifar10;
        if (File.Exists(Path.Combine(folder, "train.bin")) || File.Exists(Path.Combine(folder, "test.bin")))
            return FolderLayout.Cifar100;
        if (splits.Any(split => ParquetParts(folder, split).Any()))
            return FolderLayout.Parquet;
        var train = Path.Combine(folder, "train");
        if (Directory.Exists(train) && FolderIndex.ClassNames(train).Length > 0) // else "train" is a class: locomotives
            return FolderLayout.SplitFolders;
        return FolderIndex.ClassNames(folder).Length > 0 ? FolderLayout.ClassFolders : FolderLayout.Unknown;
    }

    private static string[] CifarFiles(string folder, FolderLayout layout, DataSplit split)
    {
        var pattern = (layout, split) switch
        {
            (FolderLayout.Cifar10, DataSplit.Train) => "data_batch_*.bin",
            (FolderLayout.Cifar10, _) => "test_batch.bin",
            (_, DataSplit.Train) => "train.bin",
            _ => "test.bin",
        };
        return [.. Directory.GetFiles(folder, pattern).Order(StringComparer.Ordinal)];
    }

    /// <summary>The shards of each part that can be the split, the first choice first.</summary>
    private static IEnumerable<string[]> ParquetParts(string folder, DataSplit split)
    {
        string[] prefixes = split == DataSplit.Train ? ["train"] : ["test", "val"];
        return prefixes.Select(prefix => Directory.GetFiles(folder, prefix + "*" + ParquetSuffix))
            .Where(files => files.Length > 0)
            .Select(files => files.Order(StringComparer.Ordinal).ToArray());
    }

    private static string? TestFolder(string folder)
    {
        string[] parts = [.. new[] { "test", "val" }.Select(name => Path.Combine(folder, name)).Where(Directory.Exists)];
        var classes = FolderIndex.ClassNames(Path.Combine(folder, "train"));
        return parts.FirstOrDefault(part => FolderIndex.ClassNames(part).Intersect(classes).Any()) ?? parts.FirstOrDefault();
    }

    private static TweedieException MissingSplit(string folder, DataSplit split, string expected) =>
        new($"'{folder}' has no {(split == DataSplit.Train ? "training" : "test")} split: expected {expected}.");
}
