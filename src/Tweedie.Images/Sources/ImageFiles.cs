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
    /// A file, whatever its name; a folder, which stands for the image files in it and below; or a pattern whose last part has <c>*</c> or <c>?</c>, which
    /// stands for the image files of that folder that match, in any case.
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
        var (folder, pattern) = Directory.Exists(word) ? (word, null) : (Path.GetDirectoryName(word) ?? "", Path.GetFileName(word));
        if (pattern is not null && (pattern.AsSpan().IndexOfAny('*', '?') < 0 || !Directory.Exists(Path.Combine(".", folder))))
            return [];
        try
        {
            return [.. FolderWalk.Inside(Path.Combine(".", folder), cancellation)
                .Where(entry => !entry.IsFolder && Is(entry.Path) && (pattern is null || Matches(pattern, entry.Path)))
                .Select(entry => Path.Combine(folder, entry.Path))
                .Order(StringComparer.Ordinal)];
        }
        catch (Exception exception) when (exception.IsFileError())
        {
            throw FileErrors.CannotRead(word, exception);
        }
    }

    /// <summary>Whether a file has the name of an image.</summary>
    internal static bool Is(string path) => Suffixes.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    /// <summary>What the pixels of a file depend on (<see cref="IImageSource.StampOf"/>); null where there is no such file.</summary>
    internal static string? StampOf(string path, int channels)
    {
        var file = new FileInfo(path);
        return file.Exists ? $"{file.FullName}|{file.Length}|{file.LastWriteTimeUtc.Ticks}|{channels}" : null;
    }

    private static bool Matches(string pattern, string path) => Path.GetFileName(path) == path && FileSystemName.MatchesSimpleExpression(pattern, path);
}
