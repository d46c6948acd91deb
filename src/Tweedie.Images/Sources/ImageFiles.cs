using System.IO.Enumeration;

namespace Tweedie.Images;

/// <summary>Finds image files that can be decoded (<see cref="ImageDecoder"/>) by the endings of their names. Hidden files and links to folders are passed over.</summary>
public static class ImageFiles
{
    private static readonly string[] Suffixes =
    [
        ".jpg", ".jpeg", ".jpe", ".jfif", ".jif", ".png", ".apng", ".webp", ".bmp", ".dib", ".gif", ".tif", ".tiff", ".ppm", ".pgm", ".pbm", ".pnm",
    ];

    /// <summary>The suffixes, for messages.</summary>
    internal static string Known => string.Join(", ", Suffixes);

    /// <summary>The image files that a word names.</summary>
    /// <param name="word">
    /// A file, whatever its name; a folder, which stands for the image files in it and below; or a pattern with <c>*</c> or <c>?</c> in any of its parts, such as
    /// <c>photos/*/*.jpg</c>, which stands for the image files that match, in any case.
    /// </param>
    /// <param name="cancellation">Ends the listing of folders.</param>
    /// <returns>The paths in ordinal order; empty where the word names no file.</returns>
    /// <exception cref="TweedieException">A folder cannot be listed.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static IReadOnlyList<string> Find(string word, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(word);
        if (File.Exists(word))
            return [word];
        var isFolder = Directory.Exists(word);
        if (!isFolder && !IsPattern(word))
            return [];
        try
        {
            var found = isFolder ? FilesOf(word, FolderWalk.Inside)
                : Folders(Path.GetDirectoryName(word)).SelectMany(folder => FilesOf(folder, FolderWalk.Of).Where(path => Matches(Path.GetFileName(word), path)));
            return [.. found.Order(StringComparer.Ordinal)];
        }
        catch (Exception exception) when (exception.IsFileError())
        {
            throw FileErrors.CannotRead(word, exception);
        }

        IEnumerable<string> FilesOf(string folder, Func<string, CancellationToken, IEnumerable<FolderWalk.Entry>> list) =>
            list(Path.Combine(".", folder), cancellation).Where(entry => !entry.IsFolder && Is(entry.Path)).Select(entry => Path.Combine(folder, entry.Path));

        // The folders that a path without its last part names; the current one is "".
        IEnumerable<string> Folders(string? path) => string.IsNullOrEmpty(path) ? [""]
            : !IsPattern(path) ? Directory.Exists(path) ? [path] : []
            : Folders(Path.GetDirectoryName(path)).SelectMany(parent => FolderWalk.Folders(Path.Combine(".", parent), cancellation)
                .Where(name => Matches(Path.GetFileName(path), name)).Select(name => Path.Combine(parent, name)));
    }

    private static bool IsPattern(string word) => word.AsSpan().ContainsAny('*', '?');

    /// <summary>Whether a file has the name of an image.</summary>
    internal static bool Is(string path) => Suffixes.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    /// <summary>What the pixels of a file depend on (<see cref="IImageSource.StampOf"/>); null where there is no such file.</summary>
    internal static string? StampOf(string path, int channels)
    {
        var file = new FileInfo(path);
        return file.Exists ? $"{file.FullName}|{file.Length}|{file.LastWriteTimeUtc.Ticks}|{channels}" : null;
    }

    private static bool Matches(string pattern, string path) => FileSystemName.MatchesSimpleExpression(pattern, Path.GetFileName(path));
}
