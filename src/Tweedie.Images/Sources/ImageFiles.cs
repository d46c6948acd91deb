using System.IO.Enumeration;

namespace Tweedie.Images;

/// <summary>Finds image files by the endings of their names. Hidden files and links to folders are passed over.</summary>
public static class ImageFiles
{
    /// <summary>The image files that a word names.</summary>
    /// <param name="word">
    /// A file, whatever its name; a folder, which stands for the image files in it and below; or a pattern whose last part has <c>*</c> or <c>?</c>, which
    /// stands for the image files of that folder that match, in any case.
    /// </param>
    /// <returns>The paths in ordinal order; empty where the word names no file.</returns>
    /// <exception cref="TweedieException">A folder cannot be listed.</exception>
    public static IReadOnlyList<string> Find(string word)
    {
        ArgumentException.ThrowIfNullOrEmpty(word);
        if (File.Exists(word))
            return [word];
        var (folder, pattern) = Directory.Exists(word) ? (word, null) : (Path.GetDirectoryName(word) ?? "", Path.GetFileName(word));
        if (pattern is not null && (pattern.AsSpan().IndexOfAny('*', '?') < 0 || !Directory.Exists(Path.Combine(".", folder))))
            return [];
        try
        {
            return [.. FolderIndex.Content(Path.TrimEndingDirectorySeparator(Path.GetFullPath(Path.Combine(".", folder))))
                .Where(entry => !entry.IsFolder && FolderIndex.IsImage(entry.Path) && (pattern is null || Matches(pattern, entry.Path)))
                .Select(entry => Path.Combine(folder, entry.Path))
                .Order(StringComparer.Ordinal)];
        }
        catch (Exception exception) when (exception.IsFileError())
        {
            throw FileErrors.CannotRead(word, exception);
        }
    }

    private static bool Matches(string pattern, string path) => Path.GetFileName(path) == path && FileSystemName.MatchesSimpleExpression(pattern, path);
}
