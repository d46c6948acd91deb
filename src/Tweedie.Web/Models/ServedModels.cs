using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tweedie.Models;
using Tweedie.Web.Safety;

namespace Tweedie.Web.Models;

/// <summary>The models of a server by name, each in its newest version. They are loaded before the server answers.</summary>
internal sealed class ServedModels(TweedieWebOptions options, ILogger<ServedModels> log) : IHostedService, IDisposable
{
    private readonly Dictionary<string, Served> _models = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _loading = new(1);
    private Meter? _meter;

    /// <summary>Whether all models are there.</summary>
    public bool AreLoaded { get; private set; }

    /// <summary>All models in their newest version, in the order of the options.</summary>
    public IEnumerable<ModelVersion> All => options.Models.Select(source => _models.GetValueOrDefault(source.Name)?.Current).OfType<ModelVersion>();

    /// <summary>Borrows the newest version of a model; <see cref="ModelVersion.Release"/> gives it back.</summary>
    /// <exception cref="WebProblem">There is none of that name.</exception>
    public ModelVersion Borrow(string name)
    {
        var served = Find(name);
        while (true)
            if (served.Current is { } version && version.TryBorrow())
                return version; // else it has just been replaced
    }

    /// <summary>Loads a model's folder again, beside the version in use, and puts it in that one's place.</summary>
    /// <returns>The new version.</returns>
    /// <exception cref="WebProblem">There is no model of that name, or the folder cannot be loaded; then the old version stays.</exception>
    public async Task<ModelVersion> ReloadAsync(string name, CancellationToken cancellation)
    {
        var served = Find(name);
        await _loading.WaitAsync(cancellation);
        try
        {
            var old = served.Current;
            served.Current = await Task.Run(() => Load(served.Source), cancellation);
            old.Release();
            return served.Current;
        }
        catch (TweedieException error)
        {
            Log.NotReloaded(log, name, served.Current.Version, error.Message);
            throw new WebProblem(500, "The model could not be loaded again", "The version in use stays; the server's log says why.");
        }
        finally
        {
            _loading.Release();
        }
    }

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        options.Check();
        foreach (var source in options.Models)
            _models.Add(source.Name, new(source, await Task.Run(() => Load(source), cancellationToken)));
        _meter = WebTelemetry.ShowQueues(() => All.Select(version => (version.Name, version.Gate.Waiting)));
        AreLoaded = true;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public void Dispose()
    {
        AreLoaded = false;
        _meter?.Dispose();
        Served[] models = [.. _models.Values];
        _models.Clear();
        foreach (var served in models)
            served.Current.Release();
        foreach (var served in models)
            _ = served.Current.Gate.Ended.Wait(TimeSpan.FromSeconds(10));
        _loading.Dispose();
    }

    private Served Find(string name) => _models.GetValueOrDefault(name)
        ?? throw new WebProblem(404, "No such model", $"There is no model of that name; there are {string.Join(", ", _models.Keys)}.");

    private ModelVersion Load(ModelSource source)
    {
        var start = Stopwatch.GetTimestamp();
        var kind = ServedKind.Load(source.Folder, options);
        var version = new ModelVersion(source, ModelFolder.HashOf(source.Folder), kind, options, log);
        Log.Loaded(log, source.Name, version.Version, source.Folder, Stopwatch.GetElapsedTime(start).TotalSeconds);
        return version;
    }

    private sealed class Served(ModelSource source, ModelVersion current)
    {
        private volatile ModelVersion _current = current;

        public ModelSource Source => source;

        public ModelVersion Current
        {
            get => _current;
            set => _current = value;
        }
    }
}
