using Tweedie.Storage;

namespace Tweedie.Images;

/// <summary>
/// Images and their captions in the layout of COCO's <c>captions_*.json</c> (Chen et al. 2015): <c>images</c> with <c>id</c> and
/// <c>file_name</c>, and <c>annotations</c> with <c>image_id</c> and <c>caption</c>.
/// </summary>
public sealed class CocoCaptions
{
    private readonly Dictionary<long, CaptionedImage> _byId;

    private CocoCaptions(string name, IReadOnlyList<CaptionedImage> images)
    {
        (Name, Images) = (name, images);
        _byId = images.ToDictionary(image => image.Id);
    }

    /// <summary>The file.</summary>
    public string Name { get; }

    /// <summary>All images in the file's order, those without captions included.</summary>
    public IReadOnlyList<CaptionedImage> Images { get; }

    /// <summary>Reads a captions file.</summary>
    /// <exception cref="TweedieException">
    /// The file cannot be read, is malformed (the message names line and column, or the entry that is null), lists an image twice or one
    /// outside the folder, or has a caption of an image that it does not list.
    /// </exception>
    public static CocoCaptions Load(string path)
    {
        var file = JsonFile.Read<CaptionsFile>(path);
        JsonFile.CheckEntries(path, "$.images", file.Images);
        JsonFile.CheckEntries(path, "$.annotations", file.Annotations);
        var captions = new Dictionary<long, List<string>>(file.Images.Count);
        foreach (var image in file.Images)
        {
            if (!Folder.Holds(image.FileName))
                throw new TweedieException($"{path}: the file_name '{OneLine.Of(image.FileName)}' of image {image.Id} leads out of the folder of images.");
            if (!captions.TryAdd(image.Id, []))
                throw new TweedieException($"{path}: images lists the id {image.Id} twice; remove one of them.");
        }
        foreach (var annotation in file.Annotations)
        {
            if (!captions.TryGetValue(annotation.ImageId, out var list))
                throw new TweedieException(
                    $"{path}: the caption '{OneLine.Of(annotation.Caption)}' has image_id {annotation.ImageId}, which images does not list.");
            list.Add(annotation.Caption);
        }
        return new(path, [.. file.Images.Select(image => new CaptionedImage(image.Id, Plain(image.FileName), captions[image.Id]))]);
    }

    /// <summary>The image with an id; null where there is none.</summary>
    public CaptionedImage? Find(long id) => _byId.GetValueOrDefault(id);

    /// <summary>A path without the steps that lead nowhere: <c>./a//1.jpg</c> is <c>a/1.jpg</c>. A backslash divides folders on any system.</summary>
    private static string Plain(string path) => string.Join('/', path.Split('/', '\\').Where(part => part is not ("." or "")));

    private sealed record CaptionsFile(IReadOnlyList<ImageEntry> Images, IReadOnlyList<Annotation> Annotations);

    private sealed record ImageEntry(long Id, string FileName);

    private sealed record Annotation(long ImageId, string Caption);
}
