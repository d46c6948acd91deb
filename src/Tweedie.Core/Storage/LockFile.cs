namespace Tweedie.Storage;

/// <summary>
/// A file that one process at a time holds: the system keeps it locked until the process releases it or ends, however it ends. The empty file
/// stays, because deleting it would let two processes hold two files of its name.
/// </summary>
public static class LockFile
{
    /// <summary>Locks the file, which is created if absent. Returns null if another process, or another holder in this process, has it.</summary>
    /// <returns>The lock; disposing of it releases the file.</returns>
    /// <exception cref="TweedieException">It cannot be written.</exception>
    public static FileStream? TryHold(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException) when (File.Exists(path))
        {
            return null;
        }
        catch (Exception exception) when (exception.IsFileError())
        {
            throw FileErrors.CannotWrite(path, exception);
        }
    }
}
