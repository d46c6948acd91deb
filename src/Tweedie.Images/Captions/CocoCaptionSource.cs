namespace Tweedie.Images;

/// <summary>
/// The images of a COCO captions file and their captions. Images without a file or without captions are left out, with a warning, and so are
/// blank captions.
/// </summary>
public sealed class CocoCaptionSource : ICaptionSource
{
    private readonly IReadOnlyList<CaptionedImage> _images;
    private readonly string _folder;
    private readonly int _channels;
    private readonly IReadOnlyList<string> _warnings;

    /// <summary>Reads the captions file and lists the folder of images; images are decoded when they are read.</summary>
    /// <param name="captionsFile">A file in COCO's layout.</param>
    /// <param name="folder">The folder of its images.</param>
    /// <param name="channels">What images decode to: 3 (sRGB) or 1 (grey).</param>
    /// <param name="cancellation">Ends the listing of the folder.</param>
    /// <exception cref="TweedieException">The file or folder cannot be read, or no image has both a file and a caption.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public CocoCaptionSource(string captionsFile, string folder, int channels = 3, CancellationToken cancellation = default)
    {
        (Name, _folder, _channels) = (captionsFile, folder, channels);
        var all = CocoCaptions.Load(captionsFile).Images;
        var (files, links) = Files(folder, cancellation);
        var captioned = all.Where(image => !image.Captions.All(string.IsNullOrWhiteSpace)).ToList();
        _images = [.. captioned.Where(image => files.ContainsKey(image.FileName))
            .Select(image => WithoutBlankCaptions(image) with { FileName = files[image.FileName] })];
        if (_images.Count == 0)
            throw new TweedieException($"{captionsFile}: none of its {all.Count} images has both a caption and a file in {folder}; give the folder that holds them.");
        _warnings = [.. Warn(all, captioned, files, links)];
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public int Count => _images.Count;

    /// <summary>Empty, because the images have captions and no labels.</summary>
    public IReadOnlyList<string> ClassNames => [];

    /// <inheritdoc/>
    public IReadOnlyList<string> Warnings => [.. Notes, .. _warnings];

    /// <summary>What was noticed when the data were found.</summary>
    internal IReadOnlyList<string> Notes { get; init; } = [];

    /// <inheritdoc/>
    public bool HasLabel(int index) => false;

    /// <inheritdoc/>
    public int GetLabel(int index) => throw new TweedieException($"{Describe(index)}: has captions and no label; a classifier needs labelled images.");

    /// <inheritdoc/>
    public long GetId(int index) => _images[index].Id;

    /// <inheritdoc/>
    public IReadOnlyList<string> GetCaptions(int index) => _images[index].Captions;

    /// <inheritdoc/>
    public RasterImage Read(int index) => ImageDecoder.DecodeFile(Describe(index), _channels);

    /// <inheritdoc/>
    public RasterImage ReadPart(int index, PartRequest request) => ImageDecoder.DecodeFilePart(Describe(index), _channels, request);

    /// <inheritdoc/>
    public string? StampOf(int index) => ImageFiles.StampOf(Describe(index), _channels);

    /// <inheritdoc/>
    public string Describe(int index) => Path.Combine(_folder, _images[index].FileName);

    private static CaptionedImage WithoutBlankCaptions(CaptionedImage image) => !image.Captions.Any(string.IsNullOrWhiteSpace) ? image
        : image with { Captions = [.. image.Captions.Where(caption => !string.IsNullOrWhiteSpace(caption))] };

    private IEnumerable<string> Warn(IReadOnlyList<CaptionedImage> all, List<CaptionedImage> captioned, Dictionary<string, string> files, List<string> links)
    {
        if (captioned.Count < all.Count)
            yield return $"{Name}: {all.Count - captioned.Count} of {all.Count} images have no caption and are left out, such as {all.Except(captioned).First().FileName}.";
        if (_images.Count < captioned.Count)
            yield return $"{Name}: {captioned.Count - _images.Count} of {all.Count} images are not in {_folder} and are left out, such as "
                + $"{captioned.First(image => !files.ContainsKey(image.FileName)).FileName}.";
        if (captioned.Sum(image => image.Captions.Count(string.IsNullOrWhiteSpace)) is > 0 and var blank)
            yield return $"{Name}: {blank} blank {(blank == 1 ? "caption is" : "captions are")} left out.";
        if (files.Count > _images.Count)
            yield return $"{Name}: {files.Count - _images.Count} of {files.Count} image files in {_folder} have no caption and are left out.";
        if (links.Count > 0)
            yield return $"{_folder}: {links.Count} {(links.Count == 1 ? "link to a folder is" : "links to folders are")} not followed, such as {links[0]}.";
    }

    /// <summary>The image files by their path as captions files write it: divided by /.</summary>
    private static (Dictionary<string, string> Files, List<string> Links) Files(string folder, CancellationToken cancellation)
    {
        try
        {
            var entries = FolderWalk.Inside(folder, cancellation).ToList();
            var files = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var entry in entries.Where(entry => !entry.IsFolder && ImageFiles.Is(entry.Path)))
                files.TryAdd(entry.Path.Replace(Path.DirectorySeparatorChar, '/'), entry.Path);
            return (files, [.. entries.Where(entry => entry.IsLink).Select(entry => entry.Path).Order(StringComparer.Ordinal)]);
        }
        catch (Exception error) when (error.IsFileError())
        {
            throw new TweedieException($"{folder}: cannot be listed: {error.Message}", error, FaultKind.Storage);
        }
    }
}
