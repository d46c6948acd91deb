namespace Tweedie.Storage;

/// <summary>Writes folders of files so that a crash, a full disk or an error never leaves a folder that lacks a part.</summary>
public static class AtomicFolder
{
    private const string Aside = ".partial";

    /// <summary>
    /// Writes the files into another folder beside the folder and, when all are written, moves them to their place. If the folder is new, one rename does it. If
    /// it exists, each file is renamed over the old one, and files that the new folder lacks are deleted. A crash between two renames leaves whole files, some
    /// of them old.
    /// </summary>
    /// <param name="path">The folder; those above it are created where they do not exist.</param>
    /// <param name="write">Writes the files into the folder that it gets, which may not exist yet.</param>
    /// <exception cref="TweedieException">A file cannot be written; the old folder is then untouched, or has some of the new files.</exception>
    public static void Write(string path, Action<string> write) => Write(path, write, new DiskOperations());

    /// <inheritdoc cref="Write(string, Action{string})"/>
    /// <param name="path">The folder.</param>
    /// <param name="write">Writes the files.</param>
    /// <param name="files">The steps of the write.</param>
    internal static void Write(string path, Action<string> write, IFileOperations files)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(write);
        ArgumentNullException.ThrowIfNull(files);
        var target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        var aside = target + Aside;
        try
        {
            if (Directory.Exists(aside))
                files.DeleteFolder(aside); // what a killed process left
            files.CreateFolder(aside);
            write(aside);
            if (Directory.Exists(target))
                Replace(aside, target, files);
            else
                files.MoveFolder(aside, target);
            files.FlushFolder(Path.GetDirectoryName(target)!);
        }
        catch (Exception exception) when (exception.IsFileError())
        {
            throw FileErrors.CannotWrite(path, exception);
        }
    }

    private static void Replace(string aside, string target, IFileOperations files)
    {
        var names = Names(aside);
        foreach (var name in names)
        {
            files.CreateFolder(Path.GetDirectoryName(Path.Combine(target, name))!);
            files.Replace(Path.Combine(aside, name), Path.Combine(target, name));
        }
        foreach (var name in Names(target).Except(names))
            files.Delete(Path.Combine(target, name));
        files.FlushFolder(target);
        files.DeleteFolder(aside);
    }

    private static string[] Names(string folder) =>
        [.. Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(folder, path)).Order(StringComparer.Ordinal)];
}
