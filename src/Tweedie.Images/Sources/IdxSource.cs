namespace Tweedie.Images;

/// <summary>Grey images in IDX files, plain or gzipped, as those of MNIST and Fashion-MNIST. All are held in memory.</summary>
public sealed class IdxSource : IImageSource
{
    private readonly IdxFile _images;
    private readonly int[] _labels;

    /// <summary>Reads an images file and its labels file. The classes are the labels that occur: 0 to 9 for MNIST's digits, 1 to 26 for EMNIST's letters.</summary>
    /// <param name="imagesPath">The file of images (IDX with three dimensions).</param>
    /// <param name="labelsPath">The file of labels (IDX with one dimension).</param>
    /// <exception cref="TweedieException">A file is missing or damaged, or the counts differ.</exception>
    public IdxSource(string imagesPath, string labelsPath)
    {
        Name = imagesPath;
        _images = IdxFile.Read(imagesPath, IdxFile.ImagesMagic);
        var labels = IdxFile.Read(labelsPath, IdxFile.LabelsMagic).Data;
        if (labels.Length != Count)
            throw new TweedieException(
                $"'{imagesPath}' has {Count} images but '{labelsPath}' has {labels.Length} labels: they do not belong together.");
        byte[] classes = [.. labels.Distinct().Order()];
        ClassNames = [.. classes.Select(label => $"{label}")];
        _labels = [.. labels.Select(label => Array.BinarySearch(classes, label))];
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public int Count => _images.Dimensions[0];

    /// <inheritdoc/>
    public IReadOnlyList<string> ClassNames { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Warnings { get; internal init; } = [];

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
            .Replace("images", "labels", StringComparison.OrdinalIgnoreCase)
            .Replace("idx3", "idx1", StringComparison.OrdinalIgnoreCase);
        var folder = Path.GetDirectoryName(imagesPath) ?? "";
        var plain = name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? name[..^3] : name;
        string[] candidates = [Path.Combine(folder, plain), Path.Combine(folder, plain + ".gz")];
        return candidates.FirstOrDefault(path => path != imagesPath && File.Exists(path))
            ?? throw new TweedieException($"'{imagesPath}' has no labels file beside it: looked for '{plain}' and '{plain}.gz'.");
    }
}
