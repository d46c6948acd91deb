using Tweedie.Storage;

namespace Tweedie.Training;

/// <summary>
/// Holds a run's folder for this process by its <see cref="LockFile"/> <c>lock</c>; <c>pid</c> beside it names the process.
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
        if (LockFile.TryHold(lockFile) is not { } file)
        {
            var process = File.Exists(pidFile) ? $"process {OneLine.Of(TextFile.Read(pidFile).Trim())}" : "another process";
            throw TweedieException.Naming($"{run.Path}: is in use by {process}; wait for it, or choose another {RunOptions.Run}.", kind: FaultKind.Storage);
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
