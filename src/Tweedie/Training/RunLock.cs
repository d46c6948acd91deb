using Tweedie.Formats;

namespace Tweedie.Training;

/// <summary>
/// Holds a run's folder for this process: the system keeps the file <c>lock</c> locked until the process ends, however it ends, and
/// <c>pid</c> beside it tells others who that is. The empty <c>lock</c> stays: deleting it would let two processes hold two files of its name.
/// </summary>
internal sealed class RunLock : IDisposable
{
    private readonly FileStream _lock;
    private readonly string _pidFile;

    private RunLock(FileStream file, string pidFile) => (_lock, _pidFile) = (file, pidFile);

    /// <summary>Takes the folder, which is created if absent.</summary>
    /// <exception cref="TweedieException">Another process holds it, or it cannot be written.</exception>
    public static RunLock Hold(RunFolder run)
    {
        Folder.Create(run.Path);
        var (lockFile, pidFile) = (Path.Combine(run.Path, "lock"), Path.Combine(run.Path, "pid"));
        FileStream file;
        try
        {
            file = new FileStream(lockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException) when (File.Exists(lockFile))
        {
            var process = File.Exists(pidFile) ? $"process {OneLine.Of(TextFile.Read(pidFile).Trim())}" : "another process";
            throw new TweedieException($"{run.Path}: is in use by {process}; wait for it, or choose another --out.");
        }
        catch (Exception exception) when (exception.IsFileError())
        {
            throw FileErrors.CannotWrite(run.Path, exception);
        }
        try
        {
            AtomicFile.WriteText(pidFile, $"{Environment.ProcessId} on {Environment.MachineName}\n");
            return new RunLock(file, pidFile);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (File.Exists(_pidFile))
            File.Delete(_pidFile); // while it is ours
        _lock.Dispose();
    }
}
