namespace Tweedie.Images;

/// <summary>Grey images in IDX files, plain or gzipped, as those of MNIST and Fashion-MNIST. All are held in memory.</summary>
public sealed class IdxSource : IImageSource
{
    private readonly IdxFile _images;
    private readonly byte[] _labels;

    /// <summary>Reads an images file and its labels file.</summary>
    /// <param name="imagesPath">The file of images (IDX with three dimensions).</param>
    /// <param name="labelsPath">The file of labels (IDX with one dimension).</param>
    /// <param name="classNames">The classes in label order; by default the numbers from 0 to the largest label.</param>
    /// <exception cref="TweedieException">A file is missing or damaged, the counts differ, or a label is beyond the classes.</exception>
    public IdxSource(string imagesPath, string labelsPath, IReadOnlyList<string>? classNames = null)
    {
        Name = imagesPath;
        _images = IdxFile.Read(imagesPath, IdxFile.ImagesMagic);
        _labels = IdxFile.Read(labelsPath, IdxFile.LabelsMagic).Data;
        if (_labels.Length != Count)
            throw new TweedieException(
                $"'{imagesPath}' has {Count} images but '{labelsPath}' has {_labels.Length} labels: they do not belong together.");

        ClassNames = classNames ?? [.. Enumerable.Range(0, _labels.Max() + 1).Select(label => $"{label}")];
        var wrong = Array.FindIndex(_labels, label => label >= ClassNames.Count);
        if (wrong >= 0)
            throw new TweedieException(
                $"'{labelsPath}' has label {_labels[wrong]} at index {wrong}, " +
                $"but there are {ClassNames.Count} classes (0 to {ClassNames.Count - 1}).");
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public int Count => _images.Dimensions[0];

    /// <inheritdoc/>
    public IReadOnlyList<string> ClassNames { get; }

    /// <inheritdoc/>
    public int GetLabel(int index) => _labels[index];

    /// <inheritdoc/>
    public RasterImage Read(int index)
    {
        var (height, width) = (_images.Dimensions[1], _images.Dimensions[2]);
        var length = height * width;
        return new RasterImage(width, height, 1, _images.Data.AsSpan(index * length, length).ToArray());
    }

    /// <inheritdoc/>
    public string Describe(int index) => $"image {index} of {Name}";

    /// <summary>
    /// The labels file that belongs to an images file by name (<c>train-images-idx3-ubyte.gz</c>: <c>train-labels-idx1-ubyte.gz</c>).
    /// </summary>
    /// <exception cref="TweedieException">There is none beside it.</exception>
    internal static string FindLabels(string imagesPath)
    {
        var name = Path.GetFileName(imagesPath)
            .Replace("images", "labels", StringComparison.Ordinal)
            .Replace("idx3", "idx1", StringComparison.Ordinal);
        var folder = Path.GetDirectoryName(imagesPath) ?? "";
        var plain = name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? name[..^3] : name;
        string[] candidates = [Path.Combine(folder, plain), Path.Combine(folder, plain + ".gz")];
        return candidates.FirstOrDefault(path => path != imagesPath && File.Exists(path))
            ?? throw new TweedieException($"'{imagesPath}' has no labels file beside it: looked for '{plain}' and '{plain}.gz'.");
    }

    /// <summary>The images file of a split in a folder, or null where there is none.</summary>
    internal static string? FindImages(string folder, DataSplit split)
    {
        string[] names = split == DataSplit.Train ? ["train"] : ["t10k", "test"];
        var candidates =
            from name in names
            from separator in new[] { "-", "." }
            from suffix in new[] { "", ".gz" }
            select Path.Combine(folder, $"{name}-images{separator}idx3-ubyte{suffix}");
        return candidates.FirstOrDefault(File.Exists);
    }
}
