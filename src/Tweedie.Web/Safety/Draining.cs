using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Tweedie.Web.Safety;

/// <summary>When the server is stopped, new requests are refused, and those that run may end within a time.</summary>
internal sealed class Draining : IDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly CancellationTokenRegistration _registration;

    /// <summary>Waits for the host to stop.</summary>
    public Draining(IHostApplicationLifetime lifetime, TweedieWebOptions options, ILogger<Draining> log) => _registration = lifetime.ApplicationStopping.Register(() =>
    {
        IsStopping = true;
        Log.Stopping(log, options.ShutdownTime.TotalSeconds);
        _end.CancelAfter(options.ShutdownTime);
    });

    /// <summary>Whether new requests are refused.</summary>
    public bool IsStopping { get; private set; }

    /// <summary>Says that requests that still run must end.</summary>
    public CancellationToken End => _end.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        _registration.Dispose();
        _end.Dispose();
    }
}
