using System.Text.Encodings.Web;
using System.Text.Json;
using Tweedie.Storage;

namespace Tweedie.Images;

/// <summary>Generated captions in the layout of COCO's results files: a list of <c>image_id</c> and <c>caption</c>.</summary>
public static class CocoResults
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // for files, never for HTML
    };

    /// <summary>Reads a results file.</summary>
    /// <exception cref="TweedieException">
    /// The file cannot be read, is malformed (the message names line and column, or the entry that is null), is empty, or has two captions of
    /// one image.
    /// </exception>
    public static IReadOnlyList<CaptionResult> Load(string path)
    {
        var results = JsonFile.Read<List<CaptionResult>>(path);
        JsonFile.CheckEntries(path, "$", results);
        if (results.Count == 0)
            throw new TweedieException($"{path}: holds no captions.");
        var twice = results.CountBy(result => result.ImageId).FirstOrDefault(image => image.Value > 1);
        return twice.Value == 0 ? results
            : throw new TweedieException($"{path}: has {twice.Value} captions of image_id {twice.Key}; give one per image.");
    }

    /// <summary>Writes a results file, atomically.</summary>
    /// <exception cref="TweedieException">The file cannot be written.</exception>
    public static void Save(string path, IEnumerable<CaptionResult> results) =>
        AtomicFile.Write(path, stream => JsonSerializer.Serialize(stream, results, Options));
}
