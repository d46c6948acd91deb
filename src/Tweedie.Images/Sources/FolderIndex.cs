using System.IO.Enumeration;

namespace Tweedie.Images;

/// <summary>
/// The content of a folder of class folders: <c>FOLDER/CLASS/IMAGE.jpg</c>, or deeper in the class. A class folder and a file may be links;
/// links to folders deeper in a class are passed over, because they may lead in circles.
/// </summary>
/// <param name="Folders">The folders that were listed, each after the one it lies in.</param>
/// <param name="Classes">The classes in ordinal order of their names, empty ones too.</param>
internal sealed record FolderIndex(IReadOnlyList<FolderStamp> Folders, IReadOnlyList<ClassFiles> Classes)
{
    /// <summary>The endings of the names of image files.</summary>
    public static readonly string[] Extensions = [".jpg", ".jpeg", ".png", ".webp", ".bmp", ".gif", ".tif", ".tiff"];

    // Hidden files and folders (._x.jpg, .git) are no images; a folder that may not be read is an error, not an empty class.
    private static readonly EnumerationOptions ClassFolders = new() { IgnoreInaccessible = false };
    private static readonly EnumerationOptions ClassContent = new() { IgnoreInaccessible = false, RecurseSubdirectories = true };

    /// <summary>Number of images.</summary>
    public int Count => Classes.Sum(files => files.Files.Count);

    /// <summary>The class folders' names in ordinal order, whatever the file system's order.</summary>
    /// <exception cref="IOException">The folder cannot be listed.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be listed.</exception>
    public static string[] ClassNames(string folder)
    {
        string[] names = [.. Directory.EnumerateDirectories(folder, "*", ClassFolders).Select(Path.GetFileName)!];
        Array.Sort(names, StringComparer.Ordinal);
        return names;
    }

    /// <summary>Lists a folder.</summary>
    /// <exception cref="IOException">A folder cannot be listed.</exception>
    /// <exception cref="UnauthorizedAccessException">A folder may not be listed.</exception>
    public static FolderIndex List(string folder)
    {
        var folders = new List<string> { "." };
        ClassFiles[] classes = [.. ClassNames(folder).Select(name => List(folder, name, folders))];
        return new FolderIndex([.. folders.Select(path => FolderStamp.Of(folder, path))], classes);
    }

    private static ClassFiles List(string folder, string name, List<string> folders)
    {
        var files = new List<string>();
        folders.Add(name);
        foreach (var (path, isFolder) in Content(Path.GetFullPath(Path.Combine(folder, name))))
        {
            if (isFolder)
                folders.Add(Path.Combine(name, path));
            else if (IsImage(path))
                files.Add(path);
        }

        files.Sort(StringComparer.Ordinal);
        return new ClassFiles(name, files);
    }

    /// <summary>Whether a file's name is that of an image.</summary>
    public static bool IsImage(string path) => Extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    /// <summary>The files and folders below a folder, as paths that begin there.</summary>
    /// <param name="folder">The full path of the folder, without a separator at its end.</param>
    public static IEnumerable<(string Path, bool IsFolder)> Content(string folder) => new FileSystemEnumerable<(string Path, bool IsFolder)>(
        folder, (ref FileSystemEntry entry) => (entry.ToFullPath()[(folder.Length + 1)..], entry.IsDirectory), ClassContent)
    {
        ShouldIncludePredicate = IsFileOrRealFolder,
        ShouldRecursePredicate = IsFileOrRealFolder,
    };

    // Not every folder with this attribute is a link: those of cloud storage on Windows have it too.
    private static bool IsFileOrRealFolder(ref FileSystemEntry entry) =>
        !entry.IsDirectory || !entry.Attributes.HasFlag(FileAttributes.ReparsePoint) || entry.ToFileSystemInfo().LinkTarget is null;
}
