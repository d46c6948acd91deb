using System.Runtime.InteropServices;

namespace Tweedie.Storage;

/// <summary>The operations on the real file system.</summary>
public sealed partial class DiskOperations : IFileOperations
{
    /// <inheritdoc/>
    /// <exception cref="IOException">There is a file of that name, or it cannot be created.</exception>
    public Stream Create(string path) => new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None);

    /// <inheritdoc/>
    /// <param name="stream">A stream of <see cref="Create"/>.</param>
    public void Flush(Stream stream) => ((FileStream)stream).Flush(flushToDisk: true);

    /// <inheritdoc/>
    public void Replace(string source, string target) => File.Move(source, target, overwrite: true);

    /// <inheritdoc/>
    public void FlushFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
            return; // the file system's journal orders renames
        var descriptor = Open(folder, 0);
        if (descriptor < 0)
            return; // best effort: some file systems cannot open or flush a folder
        _ = Flush(descriptor);
        _ = Close(descriptor);
    }

    /// <inheritdoc/>
    public void Delete(string path) => File.Delete(path);

    /// <inheritdoc/>
    public void CreateFolder(string path) => Directory.CreateDirectory(path);

    /// <inheritdoc/>
    public void MoveFolder(string source, string target) => Directory.Move(source, target);

    /// <inheritdoc/>
    public void DeleteFolder(string path) => Directory.Delete(path, recursive: true);

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    private static partial int Flush(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
