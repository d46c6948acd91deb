namespace Tweedie.Images;

/// <summary>Image files in one folder per class: <c>FOLDER/CLASS/IMAGE.jpg</c>. Files are decoded when they are read.</summary>
public sealed class ImageFolderSource : IImageSource
{
    private readonly List<(string Class, string File, int Label)> _images = [];
    private readonly int _channels;

    /// <summary>
    /// Lists a folder. Class folders and files are taken in ordinal order of their names, whatever the file system's order. A list of 10,000
    /// images or more is kept in the user's cache folder and made anew when one of its folders has changed.
    /// </summary>
    /// <param name="folder">The folder that holds the class folders.</param>
    /// <param name="channels">What images decode to: 3 (sRGB) or 1 (grey).</param>
    /// <param name="classNames">The classes in label order; by default the folders here. Each folder must be one of them.</param>
    /// <exception cref="TweedieException">There is no class folder, one holds no image, or one is not among the given classes.</exception>
    public ImageFolderSource(string folder, int channels = 3, IReadOnlyList<string>? classNames = null)
    {
        Name = folder;
        _channels = channels;
        try
        {
            var classes = FolderIndexCache.OfUser.Open(folder).Classes;
            if (classes.Count == 0)
                throw new TweedieException(
                    $"'{folder}' holds no class folders: images are expected as '{Path.Combine(folder, "CLASS", "IMAGE.jpg")}'.");
            ClassNames = classNames ?? [.. classes.Select(files => files.Name)];
            var labels = ClassNames.Select((name, label) => (name, label)).ToDictionary(StringComparer.Ordinal);
            foreach (var files in classes)
                Add(files, labels);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new TweedieException($"'{folder}' cannot be listed: {error.Message}", error, FaultKind.Storage);
        }
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public int Count => _images.Count;

    /// <inheritdoc/>
    public IReadOnlyList<string> ClassNames { get; }

    /// <inheritdoc/>
    public int GetLabel(int index) => _images[index].Label;

    /// <inheritdoc/>
    public RasterImage Read(int index) => ImageDecoder.DecodeFile(Describe(index), _channels);

    /// <inheritdoc/>
    public RasterImage ReadPart(int index, PartRequest request) => ImageDecoder.DecodeFilePart(Describe(index), _channels, request);

    /// <inheritdoc/>
    public string Describe(int index) => Path.Combine(Name, _images[index].Class, _images[index].File);

    private void Add(ClassFiles files, Dictionary<string, int> labels)
    {
        var classFolder = Path.Combine(Name, files.Name);
        if (!labels.TryGetValue(files.Name, out var label))
            throw new TweedieException($"'{classFolder}' is not one of the {ClassNames.Count} training classes ({Summary(ClassNames)}).");
        if (files.Files.Count == 0)
            throw new TweedieException(
                $"The class folder '{classFolder}' holds no images ({string.Join(", ", FolderIndex.Extensions)}): add some or remove the folder.");
        _images.AddRange(files.Files.Select(file => (files.Name, file, label)));
    }

    private static string Summary(IReadOnlyList<string> names) => string.Join(", ", names.Take(5)) + (names.Count > 5 ? ", …" : "");
}
