using System.Runtime.InteropServices;

namespace Tweedie.Tests.Cli;

/// <summary>
/// While an instance lives, a process that this thread starts handles SIGINT and SIGTERM by default. A process inherits which signals are ignored
/// and which are blocked, and a background job of a shell ignores SIGINT. Tests in such a job would wait in vain for a training to stop.
/// </summary>
internal sealed partial class DefaultSignals : IDisposable
{
    private const int Interrupt = 2, Terminate = 15; // on every Unix
    private const nint Default = 0, Ignore = 1, Error = -1;

    private static readonly Lock Gate = new(); // the process has one disposition per signal
    private static readonly int Unblock = OperatingSystem.IsMacOS() ? 2 : 1, Restore = OperatingSystem.IsMacOS() ? 3 : 2;

    private readonly List<int> _ignored = [];
    private readonly byte[] _mask = new byte[128]; // as large as the largest sigset_t
    private readonly bool _isSet;

    /// <summary>Sets the defaults; skips the calling test if the system refuses. It has no effect on Windows, which has no signals.</summary>
    public DefaultSignals()
    {
        if (OperatingSystem.IsWindows())
            return;
        Gate.Enter();
        _isSet = true;
        foreach (var number in new[] { Interrupt, Terminate })
            Take(number);
        var unblocked = new byte[_mask.Length];
        _ = EmptySet(unblocked);
        _ = AddToSet(unblocked, Interrupt);
        _ = AddToSet(unblocked, Terminate);
        if (ThreadMask(Unblock, unblocked, _mask) != 0)
            Refuse();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_isSet)
            return;
        _ = ThreadMask(Restore, _mask, null);
        foreach (var number in _ignored)
            _ = Signal(number, Ignore);
        Gate.Exit();
    }

    // A handler of this process is not inherited, so the new process then has the default.
    private void Take(int number)
    {
        var action = new byte[256]; // struct sigaction, which begins with the handler
        if (GetAction(number, 0, action) != 0 || (MemoryMarshal.Read<nint>(action) == Ignore && Signal(number, Default) == Error))
            Refuse();
        if (MemoryMarshal.Read<nint>(action) == Ignore)
            _ignored.Add(number);
    }

    private void Refuse()
    {
        Dispose();
        Assert.Skip("the system does not let a process take signals by their default");
    }

    [LibraryImport("libc", EntryPoint = "sigaction")]
    private static partial int GetAction(int number, nint action, [Out] byte[] old);

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint Signal(int number, nint handler);

    [LibraryImport("libc", EntryPoint = "sigemptyset")]
    private static partial int EmptySet([Out] byte[] set);

    [LibraryImport("libc", EntryPoint = "sigaddset")]
    private static partial int AddToSet([In, Out] byte[] set, int number);

    [LibraryImport("libc", EntryPoint = "pthread_sigmask")]
    private static partial int ThreadMask(int how, byte[] set, [Out] byte[]? old);
}
