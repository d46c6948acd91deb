using System.IO.Enumeration;

namespace Tweedie.Images;

/// <summary>
/// Lists what lies in a folder, whatever the depth. Links to folders are named but not followed, because they may lead in circles. Junk is passed over.
/// A folder that may not be read is an error and not an empty folder.
/// </summary>
internal static class FolderWalk
{
    private static readonly EnumerationOptions Flat = new() { IgnoreInaccessible = false };
    private static readonly EnumerationOptions Deep = new() { IgnoreInaccessible = false, RecurseSubdirectories = true };

    /// <summary>A file or folder.</summary>
    /// <param name="Path">Relative to the folder that is listed.</param>
    /// <param name="IsFolder">Whether it is a folder, or a link to one.</param>
    /// <param name="IsLink">Whether it is a link to a folder.</param>
    public readonly record struct Entry(string Path, bool IsFolder, bool IsLink);

    /// <summary>The content of a folder and of the folders in it, each folder before its content.</summary>
    /// <exception cref="IOException">A folder cannot be listed.</exception>
    /// <exception cref="UnauthorizedAccessException">A folder may not be listed.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static IEnumerable<Entry> Inside(string folder, CancellationToken cancellation) => List(folder, Deep, cancellation);

    /// <summary>The content of a folder alone.</summary>
    /// <exception cref="IOException">The folder cannot be listed.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be listed.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static IEnumerable<Entry> Of(string folder, CancellationToken cancellation) => List(folder, Flat, cancellation);

    /// <summary>The names of the folders in a folder, links to folders elsewhere included, in ordinal order whatever the file system's order.</summary>
    /// <exception cref="IOException">The folder cannot be listed.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be listed.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static string[] Folders(string folder, CancellationToken cancellation)
    {
        string[] names = [.. Of(folder, cancellation).Where(entry => entry.IsFolder && !(entry.IsLink && LeadsBack(folder, entry.Path))).Select(entry => entry.Path)];
        Array.Sort(names, StringComparer.Ordinal);
        return names;
    }

    /// <summary>Whether a link in a folder leads to the folder itself or to one above it.</summary>
    public static bool LeadsBack(string folder, string link)
    {
        var target = Real(Path.Combine(folder, link));
        return (Real(folder) + Path.DirectorySeparatorChar).StartsWith(Path.TrimEndingDirectorySeparator(target) + Path.DirectorySeparatorChar, StringComparison.Ordinal);
    }

    private static IEnumerable<Entry> List(string folder, EnumerationOptions options, CancellationToken cancellation)
    {
        var root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        var start = root.EndsWith(Path.DirectorySeparatorChar) ? root.Length : root.Length + 1;
        var entries = new FileSystemEnumerable<Entry>(root,
            (ref FileSystemEntry entry) => new(entry.ToFullPath()[start..], entry.IsDirectory, entry.IsDirectory && IsLink(ref entry)), options)
        {
            ShouldIncludePredicate = (ref FileSystemEntry entry) => !Junk.Is(entry.FileName),
            ShouldRecursePredicate = (ref FileSystemEntry entry) => !Junk.Is(entry.FileName) && !IsLink(ref entry),
        };
        foreach (var entry in entries)
        {
            cancellation.ThrowIfCancellationRequested();
            yield return entry;
        }
    }

    // Not every folder with this attribute is a link: those of cloud storage on Windows have it too.
    private static bool IsLink(ref FileSystemEntry entry) =>
        entry.Attributes.HasFlag(FileAttributes.ReparsePoint) && entry.ToFileSystemInfo().LinkTarget is not null;

    /// <summary>A folder's path without links.</summary>
    private static string Real(string path)
    {
        var full = Path.GetFullPath(path);
        var real = Path.GetPathRoot(full)!;
        foreach (var name in full[real.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            real = Path.Combine(real, name);
            if (new DirectoryInfo(real).ResolveLinkTarget(returnFinalTarget: true) is { } target)
                real = Real(target.FullName);
        }

        return real;
    }
}
