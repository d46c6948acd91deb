namespace Tweedie.Images;

/// <summary>
/// The content of a folder of class folders: <c>FOLDER/CLASS/IMAGE.jpg</c>, or deeper in the class. A class folder and a file may be links;
/// links to folders deeper in a class, and those that lead back, are not followed.
/// </summary>
/// <param name="Folders">The folders that were listed, each after the one it lies in.</param>
/// <param name="Classes">The classes in ordinal order of their names, empty ones too.</param>
/// <param name="LeftOut">What the folder holds that is not read.</param>
internal sealed record FolderIndex(IReadOnlyList<FolderStamp> Folders, IReadOnlyList<ClassFiles> Classes, LeftOut LeftOut)
{
    /// <summary>Number of images.</summary>
    public int Count => Classes.Sum(files => files.Files.Count);

    /// <summary>Lists a folder.</summary>
    /// <exception cref="IOException">A folder cannot be listed.</exception>
    /// <exception cref="UnauthorizedAccessException">A folder may not be listed.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static FolderIndex List(string folder, CancellationToken cancellation = default)
    {
        var (folders, leftOut) = (new List<string> { "." }, new LeftOut.Count());
        foreach (var entry in FolderWalk.Of(folder, cancellation).OrderBy(entry => entry.Path, StringComparer.Ordinal))
        {
            if (entry.IsLink && FolderWalk.LeadsBack(folder, entry.Path))
                leftOut.Link(entry.Path);
            else if (!entry.IsFolder && ImageFiles.Is(entry.Path))
                leftOut.Loose(entry.Path);
            else if (!entry.IsFolder)
                leftOut.File(entry.Path);
        }

        ClassFiles[] classes = [.. FolderWalk.Folders(folder, cancellation).Select(name => List(folder, name, folders, leftOut, cancellation))];
        return new FolderIndex([.. folders.Select(path => FolderStamp.Of(folder, path))], classes, leftOut.Total());
    }

    private static ClassFiles List(string folder, string name, List<string> folders, LeftOut.Count leftOut, CancellationToken cancellation)
    {
        var files = new List<string>();
        folders.Add(name);
        foreach (var (path, isFolder, isLink) in FolderWalk.Inside(Path.Combine(folder, name), cancellation))
        {
            if (isLink)
                leftOut.Link(Path.Combine(name, path));
            else if (isFolder)
                folders.Add(Path.Combine(name, path));
            else if (ImageFiles.Is(path))
                files.Add(path);
            else
                leftOut.File(path);
        }

        files.Sort(StringComparer.Ordinal);
        return new ClassFiles(name, files);
    }
}
