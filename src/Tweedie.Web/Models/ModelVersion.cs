using Microsoft.Extensions.Logging;
using Tweedie.Diffusion;
using Tweedie.Models;
using Tweedie.Web.Batching;
using Tweedie.Web.Contracts;

namespace Tweedie.Web.Models;

/// <summary>One version of a model in memory, with its thread. It lives until it has been replaced and its last request has been answered.</summary>
internal sealed class ModelVersion
{
    private const int SchedulePoints = 101;

    private int _users = 1; // the served model itself

    /// <summary>Takes over a model.</summary>
    public ModelVersion(ModelSource source, string hash, ServedKind kind, TweedieWebOptions options, ILogger log)
    {
        (Name, Version, Kind) = (source.Name, hash[..12], kind);
        Description = kind.Describe(Common(options) with { Card = CardOf(source, hash, log) });
        Gate = new Batcher(source.Name, options, log, () =>
        {
            kind.Dispose();
            Log.Released(log, Name, Version);
        });
    }

    /// <summary>The model's name.</summary>
    public string Name { get; }

    /// <summary>The beginning of the SHA-256 of the weights.</summary>
    public string Version { get; }

    /// <summary>The model.</summary>
    public ServedKind Kind { get; }

    /// <summary>The gate to its thread.</summary>
    public Batcher Gate { get; }

    /// <summary>The model, and what can be asked of it.</summary>
    public ModelDescription Description { get; }

    /// <summary>Counts a user.</summary>
    /// <returns>False where the version has been released already.</returns>
    public bool TryBorrow()
    {
        for (var users = Volatile.Read(ref _users); users > 0; users = Volatile.Read(ref _users))
            if (Interlocked.CompareExchange(ref _users, users + 1, users) == users)
                return true;
        return false;
    }

    /// <summary>Discounts a user; after the last the thread ends and the memory is freed.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _users) == 0)
            Gate.Close();
    }

    private ModelDescription Common(TweedieWebOptions options)
    {
        var (schedule, limits) = ((Kind.Model.Process as OneHotDiffusion)?.Schedule, options.Limits);
        schedule = Kind.IsLinear ? null : schedule;
        return new()
        {
            Name = Name,
            Version = Version,
            Kind = Kind.Name,
            Method = Kind.Options.Method.ToString().ToLowerInvariant(),
            Tokens = Kind.Options.Length,
            Entries = Kind.Entries,
            Timesteps = schedule?.Timesteps ?? 0,
            Sampling = Kind.IsLinear ? null : Kind.Model.Resolve(null),
            Samplers = Kind.Options.Method switch
            {
                TokenMethod.Tdd => NamesOf<Sampling.SamplerKind>(),
                TokenMethod.Mdd => NamesOf<Sampling.UnmaskingKind>(),
                _ => [],
            },
            Schedule = schedule is null ? [] : [.. Spread(schedule.Timesteps).Select(timestep => schedule.AlphaBar[timestep])],
            Limits = new(limits.Steps, limits.Draws, limits.Count, limits.ImageBytes, limits.Pixels),
            Tasks = Kind.Tasks,
        };
    }

    // The card says nothing of other weights than those that it was written for.
    private static ModelDescription.CardSummary? CardOf(ModelSource source, string hash, ILogger log)
    {
        try
        {
            return ModelCard.Read(source.Folder) is { Data: { } data, Scores.Count: > 0 } card && card.Weights.Equals(hash, StringComparison.OrdinalIgnoreCase)
                ? new(card.Scores, data.HeldItems, data.Unit, data.License) : null;
        }
        catch (TweedieException error)
        {
            Log.CardNotRead(log, source.Name, error.Message);
            return null;
        }
    }

    private static IEnumerable<int> Spread(int count) => count <= SchedulePoints ? Enumerable.Range(0, count)
        : Enumerable.Range(0, SchedulePoints).Select(point => (int)Math.Round(point * (count - 1.0) / (SchedulePoints - 1)));

    private static IReadOnlyList<string> NamesOf<T>() where T : struct, Enum =>
        [.. Enum.GetNames<T>().Select(System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName)];
}
