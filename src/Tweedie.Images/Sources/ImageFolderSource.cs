namespace Tweedie.Images;

/// <summary>Image files in one folder per class: <c>FOLDER/CLASS/IMAGE.jpg</c>. Files are decoded when they are read.</summary>
public sealed class ImageFolderSource : IImageSource
{
    private readonly List<(string Class, string File, int Label)> _images = [];
    private readonly int _channels;
    private readonly IReadOnlyList<string> _leftOut;

    /// <summary>
    /// Lists a folder. Class folders and files are taken in ordinal order of their names, whatever the file system's order. A list of 10,000
    /// images or more is kept in the user's cache folder and made anew when one of its folders has changed.
    /// </summary>
    /// <param name="folder">The folder that holds the class folders, which are the classes.</param>
    /// <param name="channels">What images decode to: 3 (sRGB) or 1 (grey).</param>
    /// <param name="cancellation">Ends the listing.</param>
    /// <exception cref="TweedieException">There is no class folder, one holds no image, or one cannot be listed.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public ImageFolderSource(string folder, int channels = 3, CancellationToken cancellation = default)
    {
        Name = folder;
        _channels = channels;
        try
        {
            var index = FolderIndexCache.OfUser.Open(folder, cancellation);
            if (index.Classes.Count == 0)
                throw new TweedieException(
                    $"'{folder}' holds no class folders: images are expected as '{Path.Combine(folder, "CLASS", "IMAGE.jpg")}'.");
            ClassNames = [.. index.Classes.Select(files => files.Name)];
            _leftOut = [.. index.LeftOut.Sentences(folder)];
            foreach (var (label, files) in index.Classes.Index())
                Add(files, label, index.LeftOut);
        }
        catch (Exception error) when (error.IsFileError())
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
    public IReadOnlyList<string> Warnings => [.. Notes, .. _leftOut];

    /// <summary>What was noticed when the folder was found.</summary>
    internal IReadOnlyList<string> Notes { get; init; } = [];

    /// <inheritdoc/>
    public int GetLabel(int index) => _images[index].Label;

    /// <inheritdoc/>
    public RasterImage Read(int index) => ImageDecoder.DecodeFile(Describe(index), _channels);

    /// <inheritdoc/>
    public RasterImage ReadPart(int index, PartRequest request) => ImageDecoder.DecodeFilePart(Describe(index), _channels, request);

    /// <inheritdoc/>
    public string? StampOf(int index) => ImageFiles.StampOf(Describe(index), _channels);

    /// <inheritdoc/>
    public string Describe(int index) => Path.Combine(Name, _images[index].Class, _images[index].File);

    private void Add(ClassFiles files, int label, LeftOut leftOut)
    {
        if (files.Files.Count == 0)
            throw new TweedieException($"The class folder '{Path.Combine(Name, files.Name)}' holds no images ({ImageFiles.Known}): add some or remove the folder."
                + (leftOut.Suffixes.Count > 0 ? $" Files of other kinds in '{Name}': {leftOut.BySuffix()}." : ""));
        _images.AddRange(files.Files.Select(file => (files.Name, file, label)));
    }
}
