using System.Runtime.InteropServices;

namespace Tweedie.Cli;

/// <summary>Ctrl-C and SIGTERM ask for an orderly stop; the second one leaves at once.</summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;

    public Interruption() => _registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Stop(context, ExitCodes.Interrupted)),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Stop(context, ExitCodes.Terminated)),
    ];

    public CancellationToken Token => _source.Token;

    public int ExitCode { get; private set; } = ExitCodes.Interrupted;

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
        _source.Dispose();
    }

    private void Stop(PosixSignalContext context, int exitCode)
    {
        if (_source.IsCancellationRequested)
            return; // not handled: the system ends the process
        ExitCode = exitCode;
        context.Cancel = true;
        _source.Cancel();
    }
}
