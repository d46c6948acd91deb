using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Tweedie.Platform;

/// <summary>
/// Holds the finalizer thread back while torch computes, and lets it work at moments when torch does not. TorchSharp 0.107 passes the native
/// handle of a <c>Scalar</c> (the 2 in <c>2 * tensor</c>) to libtorch without keeping the object alive. If a garbage collection falls into that moment,
/// the finalizer frees what libtorch is about to read, and the process dies with "Expected false to be true" from Scalar.h: on a busy machine
/// after a few minutes of training.
/// </summary>
public sealed class FinalizerPause : IDisposable
{
    private static readonly TimeSpan BetweenSafePoints = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1); // then finalizers run all the same: nothing may wait for them for ever
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly Lock Sync = new();
    private static Gate? s_gate;
    private static int s_holders;

    private readonly Stopwatch _sinceSafePoint = Stopwatch.StartNew();
    private bool _isDisposed;

    /// <summary>Begins a pause. It ends when all that were begun are disposed of.</summary>
    public FinalizerPause()
    {
        lock (Sync)
        {
            if (s_holders++ == 0)
                Close();
        }
    }

    /// <summary>Says that the caller is in no torch call: every two seconds, pending finalizers run before this returns.</summary>
    public void AtSafePoint()
    {
        if (_sinceSafePoint.Elapsed < BetweenSafePoints)
            return;
        lock (Sync)
        {
            Open();
            GC.WaitForPendingFinalizers();
            Close();
        }
        _sinceSafePoint.Restart();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (Sync)
        {
            if (!_isDisposed && --s_holders == 0)
                Open();
            _isDisposed = true;
        }
    }

    private static void Open()
    {
        s_gate?.Release.Set();
        s_gate = null;
    }

    // The finalizer thread comes to the gate in the next collection, and waits there.
    private static void Close()
    {
        s_gate = new Gate();
        DropGuard(s_gate);
        GC.Collect(0, GCCollectionMode.Forced, blocking: true);
        s_gate.Reached.Wait(Patience);
    }

    // Not inlined, so that no register or stack slot of the caller keeps the object alive.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void DropGuard(Gate gate) => _ = new Guard(gate);

    private sealed class Gate
    {
        public ManualResetEventSlim Reached { get; } = new();

        public ManualResetEventSlim Release { get; } = new();
    }

    private sealed class Guard(Gate gate)
    {
        ~Guard()
        {
            gate.Reached.Set();
            gate.Release.Wait(LongestPause);
        }
    }
}
