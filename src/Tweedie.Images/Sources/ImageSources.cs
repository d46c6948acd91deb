using System.Collections.Concurrent;
using Tweedie.Configuration;
using Tweedie.Storage;

namespace Tweedie.Images;

/// <summary>
/// Opens image sources by what a user writes in a config file or on the command line. A program adds sources of its own by <see cref="Register"/>
/// before it reads a config. Thread-safe.
/// </summary>
public static class ImageSources
{
    private static readonly ConcurrentDictionary<string, Generator> Generators = new(StringComparer.Ordinal)
    {
        ["shapes"] = new((settings, split) => ShapeSpecification.Parse(settings).Open(split), HasValidation: true),
    };

    /// <summary>The names of generated data, such as <c>shapes</c>: a specification is one of them, alone or with a colon and settings.</summary>
    public static IReadOnlyCollection<string> Names => [.. Generators.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Adds images that are named by a word and settings, as <c>digits:count=2000,seed=7</c>, and not by a file or folder.</summary>
    /// <param name="name">The word: at least two small letters, digits or hyphens, the first one a letter.</param>
    /// <param name="open">
    /// Opens a split from the settings: the text after the colon, which may be empty. <see cref="GeneratedSettings"/> reads them. There must be a
    /// training and a test split. For settings that are not valid, it throws a <see cref="TweedieException"/>.
    /// </param>
    /// <param name="hasValidation">Whether there is a validation split too; where there is none, it is never asked for.</param>
    /// <exception cref="ArgumentException">The name has another form, or other images have it already.</exception>
    public static void Register(string name, Func<string, DataSplit, IImageSource> open, bool hasValidation = false)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(open);
        if (name.Length < 2 || !char.IsAsciiLetterLower(name[0]) || !name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'))
            throw new ArgumentException($"'{name}' cannot name images: a name needs at least two small letters, digits or hyphens, the first one a letter.", nameof(name));
        if (!Generators.TryAdd(name, new(open, hasValidation)))
            throw new ArgumentException($"There are images '{name}' already.", nameof(name));
    }

    /// <summary>
    /// Opens a split of a data set. The specification is one of
    /// <list type="bullet">
    /// <item>a folder with IDX files (<c>train-images-idx3-ubyte</c>, <c>t10k-images-idx3-ubyte</c>, their labels; plain or gzipped),</item>
    /// <item>a folder with CIFAR-10 (<c>data_batch_1.bin</c> …, <c>test_batch.bin</c>) or CIFAR-100 (<c>train.bin</c>,
    /// <c>test.bin</c>),</item>
    /// <item>a folder with <c>train/CLASS/IMAGE</c> and <c>test/</c> or <c>val/</c>, or with <c>CLASS/IMAGE</c> alone,</item>
    /// <item>a folder with Parquet shards <c>train*.parquet</c>, and <c>test*.parquet</c> or <c>val*.parquet</c>
    /// (<see cref="ParquetSource"/>),</item>
    /// <item>a folder that holds exactly one of these further down,</item>
    /// <item>one IDX images file, CIFAR <c>.bin</c> file or Parquet file, or several of these, as <c>folder/train-*.parquet</c>,</item>
    /// <item><c>shapes:count=2000,size=32,seed=7</c>: generated images (<see cref="ShapeSource"/>),</item>
    /// <item>a name that <see cref="Register"/> added, with settings in the same form.</item>
    /// </list>
    /// The splits may also be called training, testing, valid and validation, in any case.
    /// A single file and a folder of class folders have no splits: train and test are the whole. The test split is the test part, or the validation part where
    /// there is none or it is unlabelled, as a contest's: a folder without any of the training classes, or Parquet rows without a label. The validation
    /// split is a validation part that is not the test split.
    /// </summary>
    /// <param name="specification">The specification.</param>
    /// <param name="split">Which part.</param>
    /// <param name="options">How it is read.</param>
    /// <param name="cancellation">Ends the listing of folders.</param>
    /// <exception cref="TweedieException">Nothing is recognised, the split is missing, or the data is damaged or may not be read, or none has a wanted class.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static IImageSource Open(string specification, DataSplit split, ImageSourceOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(specification);
        options ??= new ImageSourceOptions();
        var source = OpenAll(specification, split, options, cancellation);
        if (source is not ParquetSource)
            ParquetColumns.Refuse(specification, options);
        return options.ClassNames is { } wanted ? ClassMap.Match(source, wanted, options.ClassAliases, options.NeedsLabels) : source;
    }

    private static IImageSource OpenAll(string specification, DataSplit split, ImageSourceOptions options, CancellationToken cancellation)
    {
        var (name, settings) = Parts(specification);
        if (Generators.TryGetValue(name, out var generator))
            return split != DataSplit.Validation || generator.HasValidation ? generator.Open(settings, split)
                : throw new TweedieException($"'{specification}' has no validation split: {name} are generated with a train and a test split alone.");
        if (Directory.Exists(specification))
            return Folder.Listing(specification, () => OpenFolder(specification, split, options, cancellation));
        var isPattern = specification.EndsWith(ParquetLayout.Suffix, StringComparison.OrdinalIgnoreCase) && specification.AsSpan().ContainsAny('*', '?');
        if (split == DataSplit.Validation && (isPattern || File.Exists(specification)))
            throw new TweedieException($"'{specification}' has no validation split, because single files have no splits; name a folder with a train, a val and a test part.");
        if (File.Exists(specification))
            return OpenFile(specification, options, cancellation);
        if (isPattern)
            return OpenParquet(specification, options, cancellation);
        var meant = NearestName.Find(name, Names) is { } near ? $" (did you mean {near}?)" : "";
        throw new TweedieException(
            $"'{specification}' is neither a folder nor a file, nor generated data such as 'shapes:count=2000,size=32,seed=7'{meant}; "
            + $"the names of generated images are {string.Join(", ", Names)}.");
    }

    /// <summary>
    /// Whether a specification has a test split of its own. False for a single file and for a folder of class folders alone.
    /// </summary>
    /// <exception cref="TweedieException">The folder may not be read.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static bool HasTestSplit(string specification, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(specification);
        if (!Directory.Exists(specification))
            return IsGenerated(specification);
        return Folder.Listing(specification, () =>
            DataFolder.Find(specification, wanted: null, cancellation) is { } data && data.Layout.Has(data.Path, DataSplit.Test, cancellation));
    }

    /// <summary>The split that a name means, in any case: one of train, training, test, testing, val, valid, validation; null where it means none.</summary>
    public static DataSplit? FindSplit(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return SplitNames.SplitOf(name);
    }

    /// <summary>The error where data have no validation split.</summary>
    internal static TweedieException NoValidation(string name) =>
        new($"'{name}' has no validation split: that is a val part beside a test part, and a val part alone, or beside a test part without labels, is the test split.");

    /// <summary>Whether a specification names generated images, which need no file.</summary>
    public static bool IsGenerated(string specification)
    {
        ArgumentNullException.ThrowIfNull(specification);
        return Generators.ContainsKey(Parts(specification).Name);
    }

    /// <summary>Generated images.</summary>
    /// <param name="Open">Opens a split from the settings.</param>
    /// <param name="HasValidation">Whether there is a validation split.</param>
    private sealed record Generator(Func<string, DataSplit, IImageSource> Open, bool HasValidation);

    // The parts before and after the first colon.
    private static (string Name, string Settings) Parts(string specification)
    {
        var parts = specification.Split(':', 2);
        return (parts[0], parts.Length > 1 ? parts[1] : "");
    }

    private static IImageSource OpenFolder(string folder, DataSplit split, ImageSourceOptions options, CancellationToken cancellation)
    {
        var data = DataFolder.Find(folder, options.ClassNames, cancellation)
            ?? throw new TweedieException($"'{folder}' holds no known data set: looked for "
                + $"{string.Join("; ", FolderLayout.Certain.Append(FolderLayout.Classes).Select(known => known.Expected).Distinct())}.");
        return data.Layout.Open(data.Path, split, options with { Notes = [.. options.Notes, .. data.Notes] }, cancellation)
            ?? throw (split == DataSplit.Validation ? NoValidation(data.Path) : new TweedieException($"'{data.Path}' has no {(split == DataSplit.Train ? "training" : "test")} split: expected {data.Layout.Expected}."));
    }

    private static IImageSource OpenFile(string path, ImageSourceOptions options, CancellationToken cancellation)
    {
        var name = Path.GetFileName(path);
        if (name.Contains("idx3", StringComparison.OrdinalIgnoreCase))
            return new IdxSource(path, IdxSource.FindLabels(path));
        if (name.EndsWith(ParquetLayout.Suffix, StringComparison.OrdinalIgnoreCase))
            return new ParquetSource(path, [path], options, cancellation);
        if (name is "train.bin" or "test.bin")
            return CifarSource.OpenCifar100([path]);
        if (name.EndsWith(".bin", StringComparison.OrdinalIgnoreCase))
            return CifarSource.OpenCifar10([path]);
        throw new TweedieException(
            $"'{path}' is no known data file: expected an IDX images file (…-images-idx3-ubyte[.gz]), " +
            "a CIFAR file (data_batch_1.bin, train.bin) or a Parquet file (….parquet).");
    }

    private static ParquetSource OpenParquet(string pattern, ImageSourceOptions options, CancellationToken cancellation)
    {
        var folder = Path.GetDirectoryName(pattern) is { Length: > 0 } parent ? parent : ".";
        var paths = Directory.Exists(folder) ? Folder.Listing(folder, () => Directory.GetFiles(folder, Path.GetFileName(pattern))) : [];
        return paths.Length > 0
            ? new ParquetSource(pattern, [.. paths.Order(StringComparer.Ordinal)], options, cancellation)
            : throw new TweedieException($"No file is called '{pattern}'; only the last part of a path may have * and ?.");
    }
}
