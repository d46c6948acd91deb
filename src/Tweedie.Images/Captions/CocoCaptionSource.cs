namespace Tweedie.Images;

/// <summary>
/// The images of a COCO captions file and their captions. Images without a file or without captions are left out, with a warning; blank
/// captions of the others are left out silently.
/// </summary>
public sealed class CocoCaptionSource : ICaptionSource
{
    private readonly IReadOnlyList<CaptionedImage> _images;
    private readonly string _folder;
    private readonly int _channels;

    /// <summary>Reads the captions file and lists the folder of images; images are decoded when they are read.</summary>
    /// <param name="captionsFile">A file in COCO's layout.</param>
    /// <param name="folder">The folder of its images.</param>
    /// <param name="channels">What images decode to: 3 (sRGB) or 1 (grey).</param>
    /// <exception cref="TweedieException">The file or folder cannot be read, or no image has both a file and a caption.</exception>
    public CocoCaptionSource(string captionsFile, string folder, int channels = 3)
    {
        (Name, _folder, _channels) = (captionsFile, folder, channels);
        var all = CocoCaptions.Load(captionsFile).Images;
        var files = Files(folder);
        var captioned = all.Where(image => !image.Captions.All(string.IsNullOrWhiteSpace)).ToList();
        _images = [.. captioned.Where(image => files.Contains(image.FileName)).Select(WithoutBlankCaptions)];
        if (_images.Count == 0)
            throw new TweedieException($"{captionsFile}: none of its {all.Count} images has both a caption and a file in {folder}; give the folder that holds them.");
        Warnings = [.. Warn(all, captioned, files)];
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public int Count => _images.Count;

    /// <summary>Empty, because the images have captions and no labels.</summary>
    public IReadOnlyList<string> ClassNames => [];

    /// <inheritdoc/>
    public IReadOnlyList<string> Warnings { get; }

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
    public string Describe(int index) => Path.Combine(_folder, _images[index].FileName);

    private static CaptionedImage WithoutBlankCaptions(CaptionedImage image) => !image.Captions.Any(string.IsNullOrWhiteSpace) ? image
        : image with { Captions = [.. image.Captions.Where(caption => !string.IsNullOrWhiteSpace(caption))] };

    private IEnumerable<string> Warn(IReadOnlyList<CaptionedImage> all, List<CaptionedImage> captioned, HashSet<string> files)
    {
        if (captioned.Count < all.Count)
            yield return $"{Name}: {all.Count - captioned.Count} of {all.Count} images have no caption and are left out, such as {all.Except(captioned).First().FileName}.";
        if (_images.Count < captioned.Count)
            yield return $"{Name}: {captioned.Count - _images.Count} of {all.Count} images are not in {_folder} and are left out, such as {captioned.First(image => !files.Contains(image.FileName)).FileName}.";
    }

    private static HashSet<string> Files(string folder)
    {
        try
        {
            return [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(folder, path))];
        }
        catch (Exception error) when (error.IsFileError())
        {
            throw new TweedieException($"{folder}: cannot be listed: {error.Message}", error, FaultKind.Storage);
        }
    }
}
