namespace Tweedie.Data;

/// <summary>Image files in one folder a class: <c>FOLDER/CLASS/IMAGE.jpg</c>. Files are decoded when they are read.</summary>
public sealed class ImageFolderSource : IImageSource
{
    private static readonly string[] _extensions = [".jpg", ".jpeg", ".png", ".webp", ".bmp", ".gif", ".tif", ".tiff"];

    // Hidden files and folders (._x.jpg, .git) are no images; a folder that may not be read is an error, not an empty class.
    private static readonly EnumerationOptions _classFolders = new() { IgnoreInaccessible = false };
    private static readonly EnumerationOptions _imageFiles = new() { IgnoreInaccessible = false, RecurseSubdirectories = true };

    private readonly List<(string Path, int Label)> _images = [];
    private readonly int _channels;

    /// <summary>
    /// Lists a folder. Class folders and files are taken in ordinal order of their names, whatever the file system's order.
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
            var folders = ClassFolders(folder);
            if (folders.Length == 0)
                throw new TweedieException(
                    $"'{folder}' holds no class folders: images are expected as '{Path.Combine(folder, "CLASS", "IMAGE.jpg")}'.");
            ClassNames = classNames ?? [.. folders.Select(ClassName)];
            var labels = ClassNames.Select((name, label) => (name, label)).ToDictionary(StringComparer.Ordinal);
            foreach (var classFolder in folders)
                AddClass(classFolder, labels);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new TweedieException($"'{folder}' cannot be listed: {error.Message}", error);
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
    public RasterImage Read(int index) => ImageDecoder.DecodeFile(_images[index].Path, _channels);

    /// <inheritdoc/>
    public RasterImage ReadPart(int index, PartRequest request) => ImageDecoder.DecodeFilePart(_images[index].Path, _channels, request);

    /// <inheritdoc/>
    public string Describe(int index) => _images[index].Path;

    /// <summary>The class folders in label order.</summary>
    internal static string[] ClassFolders(string folder)
    {
        var folders = Directory.GetDirectories(folder, "*", _classFolders);
        Array.Sort(folders, StringComparer.Ordinal);
        return folders;
    }

    internal static string ClassName(string classFolder) => Path.GetFileName(classFolder);

    private void AddClass(string classFolder, Dictionary<string, int> labels)
    {
        if (!labels.TryGetValue(ClassName(classFolder), out var label))
            throw new TweedieException($"'{classFolder}' is not one of the {ClassNames.Count} training classes ({Summary(ClassNames)}).");
        var files = Directory.GetFiles(classFolder, "*", _imageFiles)
            .Where(path => _extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase))
            .Order(StringComparer.Ordinal)
            .ToArray();
        if (files.Length == 0)
            throw new TweedieException(
                $"The class folder '{classFolder}' holds no images ({string.Join(", ", _extensions)}): add some or remove the folder.");
        _images.AddRange(files.Select(path => (path, label)));
    }

    private static string Summary(IReadOnlyList<string> names) => string.Join(", ", names.Take(5)) + (names.Count > 5 ? ", …" : "");
}
