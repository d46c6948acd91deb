namespace Tweedie.Images;

/// <summary>A folder, and when an entry was last added to it, removed from it or renamed in it.</summary>
/// <param name="Path">Relative to the folder that was listed; "." for itself.</param>
/// <param name="Changed">The time, UTC.</param>
internal readonly record struct FolderStamp(string Path, DateTime Changed)
{
    /// <summary>The stamp of the folder as it is now; of a link, that of the folder it leads to. A folder that is gone has a time of long ago.</summary>
    /// <exception cref="IOException">The folder's time cannot be read.</exception>
    public static FolderStamp Of(string root, string path)
    {
        FileSystemInfo folder = new DirectoryInfo(System.IO.Path.Combine(root, path));
        return new FolderStamp(path, (folder.ResolveLinkTarget(returnFinalTarget: true) ?? folder).LastWriteTimeUtc);
    }
}
