using Tweedie.Storage;

namespace Tweedie.Experiments;

/// <summary>The layout of a reproduction on disk.</summary>
/// <param name="path">Its folder.</param>
public sealed class ReproductionFolder(string path)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    /// <summary>Its folder.</summary>
    public string Path { get; } = path;

    /// <summary>The file of its <see cref="ReproductionRecord"/>.</summary>
    public string Record => System.IO.Path.Combine(Path, "reproduction.json");

    /// <summary>The finished cells.</summary>
    public string Cells => System.IO.Path.Combine(Path, "cells");

    /// <summary>The training runs.</summary>
    public string Models => System.IO.Path.Combine(Path, "models");

    /// <summary>The locks of models that processes work on, and of files that they change in turn.</summary>
    public string Locks => System.IO.Path.Combine(Path, "locks");

    /// <summary>The exhibits and their figures.</summary>
    public string Exhibits => System.IO.Path.Combine(Path, "exhibits");

    /// <summary>The report.</summary>
    public string Report => System.IO.Path.Combine(Path, "report.html");

    /// <summary>The lock of a model, by its training's key.</summary>
    public string Lock(string key) => System.IO.Path.Combine(Locks, key);

    /// <summary>The file of an exhibit.</summary>
    public string Exhibit(string name) => System.IO.Path.Combine(Exhibits, name + ".json");

    /// <summary>Waits until no other process holds a lock, and holds it.</summary>
    /// <param name="key">The lock's name.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <returns>Dispose of it to release the lock.</returns>
    internal FileStream Hold(string key, CancellationToken cancellation = default)
    {
        while (true)
        {
            if (LockFile.TryHold(Lock(key)) is { } held)
                return held;
            cancellation.WaitHandle.WaitOne(Patience);
            cancellation.ThrowIfCancellationRequested();
        }
    }
}
