using System.Text.RegularExpressions;

namespace Tweedie.Images;

/// <summary>
/// A captions file of a split and the folder of its images, as COCO has them: <c>captions_train2017.json</c>, in <c>annotations/</c> or beside the images'
/// folder <c>train2017/</c>. The year may be any or none, and <see cref="SplitNames"/> has the names of the split.
/// </summary>
/// <param name="Captions">The captions file.</param>
/// <param name="Images">The folder of its images.</param>
/// <param name="Notes">Which captions files are not used, and that a folder further down is read.</param>
internal sealed partial record CocoLayout(string Captions, string Images, IReadOnlyList<string> Notes)
{
    private const int Depth = 2;
    private const int MostFolders = 16; // more folders are classes, and their files need not be listed
    private const string Annotations = "annotations";

    /// <summary>The split of a folder; null where it has none. Of several years, the latest is taken.</summary>
    public static CocoLayout? Find(string folder, DataSplit split, ImageSourceOptions options, CancellationToken cancellation = default)
    {
        if (!Directory.Exists(folder))
            return null;
        var files = new[] { folder, Path.Combine(folder, Annotations) }.Where(Directory.Exists).SelectMany(parent => Files(parent, cancellation)).ToList();
        HashSet<SplitPart> parts = [.. files.Select(file => file.Part)];
        foreach (var part in SplitNames.Choices(split, parts))
        {
            var found = files.Where(file => file.Part == part).OrderByDescending(file => file.Year, StringComparer.Ordinal).ThenBy(file => file.Path, StringComparer.Ordinal).ToList();
            if (found is [var best, .. var others])
            {
                string[] notes = [.. others.Select(other => $"'{other.Path}' is not used, because '{best.Path}' is."), .. SplitNames.Unused(folder, parts, split, options)];
                return new(best.Path, ImagesOf(folder, best.Word, part, best.Year, cancellation), notes);
            }
        }

        return null;
    }

    /// <summary>The split of the only folder with captions in a folder, or a few folders further down; null where there is none.</summary>
    /// <exception cref="TweedieException">There are several.</exception>
    public static CocoLayout? FindInside(string folder, DataSplit split, ImageSourceOptions options, CancellationToken cancellation = default) => !Directory.Exists(folder) ? null
        : Inside(folder, split, options, Depth, cancellation).ToList() switch
        {
            [] => null,
            [var only] => only with { Notes = [$"'{folder}': the data set in it is read, '{only.Captions}'.", .. only.Notes] },
            var several => throw new TweedieException($"'{folder}' holds {several.Count} data sets with captions; give the folder of one of them: {string.Join(", ", several.Select(found => found.Captions))}."),
        };

    private static IEnumerable<CocoLayout> Inside(string folder, DataSplit split, ImageSourceOptions options, int depth, CancellationToken cancellation) =>
        depth == 0 || FolderWalk.Folders(folder, cancellation) is not { Length: <= MostFolders } folders ? []
            : folders.Select(name => Path.Combine(folder, name)).SelectMany(inner => Find(inner, split, options, cancellation) is { } found ? [found] : Inside(inner, split, options, depth - 1, cancellation));

    private static IEnumerable<(string Path, string Word, SplitPart Part, string Year)> Files(string folder, CancellationToken cancellation)
    {
        foreach (var entry in FolderWalk.Of(folder, cancellation).Where(entry => !entry.IsFolder))
        {
            if (CaptionsFile().Match(entry.Path) is { Success: true } match && SplitNames.Of(match.Groups["split"].Value) is { } part)
                yield return (Path.Combine(folder, entry.Path), match.Groups["split"].Value, part, match.Groups["year"].Value);
        }
    }

    /// <summary>The folder of a split's images: under the name of the split, in <c>images/</c> under that name, or <c>images/</c> itself.</summary>
    private static string ImagesOf(string folder, string word, SplitPart part, string year, CancellationToken cancellation)
    {
        var images = Path.Combine(folder, "images");
        string[] parents = Directory.Exists(images) ? [folder, images] : [folder];
        foreach (var parent in parents)
        {
            if (FolderWalk.Folders(parent, cancellation).FirstOrDefault(IsPart) is { } name)
                return Path.Combine(parent, name);
        }

        return parents is [_, var all] ? all : Path.Combine(folder, word + year);

        bool IsPart(string name) => name.EndsWith(year, StringComparison.Ordinal) && SplitNames.Of(name[..^year.Length]) == part;
    }

    [GeneratedRegex(@"^captions_(?<split>[a-z]+)(?<year>\d{4})?\.json$", RegexOptions.IgnoreCase)]
    private static partial Regex CaptionsFile();
}
