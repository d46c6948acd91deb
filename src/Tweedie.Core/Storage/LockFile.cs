namespace Tweedie.Storage;

/// <summary>
/// A file that one process at a time holds: the system keeps it locked until the process lets go or ends, however it ends. The empty file
/// stays: deleting it would let two processes hold two files of its name.
/// </summary>
public static class LockFile
{
    /// <summary>Takes the file, which is created if absent; null where another process, or another holder in this one, has it.</summary>
    /// <returns>Dispose of it to let go.</returns>
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
