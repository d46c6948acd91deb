using System.Diagnostics;
using System.Runtime.ExceptionServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using static TorchSharp.torch;

namespace Tweedie.Training;

/// <summary>
/// What processes that train together agree on: whether all of them have succeeded, and whether they stop. So they fail and stop after the same piece of work,
/// and none waits for one that has gone.
/// </summary>
/// <param name="collective">The processes.</param>
public sealed class ProcessGroup(ICollective collective)
{
    private static readonly JsonSerializerOptions Json = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    private readonly Stopwatch _communication = new();

    private enum Outcome : byte
    {
        Done,
        Stops,
        Failed,
    }

    /// <summary>A process that works alone.</summary>
    public static ProcessGroup Alone => new(new SingleProcess());

    /// <summary>This process, 0..Size−1.</summary>
    public int Rank => collective.Rank;

    /// <summary>Number of processes.</summary>
    public int Size => collective.Size;

    /// <summary>Whether this process writes files and reports.</summary>
    public bool IsFirst => Rank == 0;

    /// <summary>The time that this process has spent in communication, which includes waiting for slower processes.</summary>
    public TimeSpan CommunicationTime => _communication.Elapsed;

    /// <summary>Replaces a flat tensor by its sum over the processes.</summary>
    public void Sum(Tensor flat) => Timed(() =>
    {
        collective.Sum(flat);
        return 0;
    });

    /// <summary>Replaces a flat tensor by that of the first process.</summary>
    public void Broadcast(Tensor flat) => Timed(() =>
    {
        collective.Broadcast(flat);
        return 0;
    });

    /// <summary>Gives the messages of all processes, by rank.</summary>
    public IReadOnlyList<byte[]> GatherBytes(byte[] message) => Timed(() => collective.Gather(message));

    /// <summary>Gives the values of all processes, by rank. They travel as JSON, which keeps every bit of a number.</summary>
    public IReadOnlyList<T> Gather<T>(T value) => Size == 1 ? [value]
        : [.. GatherBytes(JsonSerializer.SerializeToUtf8Bytes(value, Json)).Select(bytes => JsonSerializer.Deserialize<T>(bytes, Json)!)];

    /// <summary>
    /// Lets each process do a piece of work without the others, after which all of them know how it ended. The work must not communicate.
    /// </summary>
    /// <param name="work">The work.</param>
    /// <param name="stop">Asks this process to stop; the work is finished first.</param>
    /// <exception cref="OtherProcessException">
    /// The work failed in another process, which throws what the work has thrown. Where it failed in several, only the first of them throws that.
    /// </exception>
    /// <exception cref="OperationCanceledException">One of the processes was asked to stop.</exception>
    public T Together<T>(Func<T> work, CancellationToken stop = default)
    {
        var (result, error) = Try(work);
        Agree(error, stop);
        return result!;
    }

    /// <summary>Lets each process do a piece of work without the others, after which all of them know how it ended.</summary>
    public void Together(Action work) => Together(() =>
    {
        work();
        return 0;
    });

    /// <summary>Lets the first process do work alone, for as long as it takes.</summary>
    /// <returns>Its result; in the other processes the default value.</returns>
    /// <exception cref="OtherProcessException">This is another process, and the work failed; the first process throws what the work has thrown.</exception>
    /// <exception cref="OperationCanceledException">The first process was asked to stop during the work.</exception>
    public T? OnFirst<T>(Func<T> work)
    {
        var (result, error) = IsFirst ? Try(work) : default;
        if (Size > 1)
            collective.Barrier();
        Agree(error, CancellationToken.None);
        return result;
    }

    /// <summary>The part of some pieces of work that is this process's: neighbours, about as many in each process.</summary>
    /// <param name="count">How many pieces there are.</param>
    public Range PartOf(int count) => (int)((long)count * Rank / Size)..(int)((long)count * (Rank + 1) / Size);

    /// <summary>Lets the first process do work alone, for as long as it takes.</summary>
    public void OnFirst(Action work) => OnFirst(() =>
    {
        work();
        return 0;
    });

    private (T? Result, Exception? Error) Try<T>(Func<T> work)
    {
        try
        {
            return (work(), null);
        }
        catch (Exception error) when (Size > 1)
        {
            return (default, error);
        }
    }

    private void Agree(Exception? error, CancellationToken stop)
    {
        var own = error is not (null or OperationCanceledException) ? Outcome.Failed
            : error is not null || stop.IsCancellationRequested ? Outcome.Stops : Outcome.Done;
        var all = Size == 1 ? [own] : GatherBytes([(byte)own]).Select(message => (Outcome)message[0]).ToList();
        if (all.IndexOf(Outcome.Failed) is >= 0 and var failed)
        {
            if (failed == Rank)
                ExceptionDispatchInfo.Throw(error!);
            throw new OtherProcessException(failed);
        }
        if (all.Contains(Outcome.Stops))
            throw new OperationCanceledException(stop.IsCancellationRequested ? stop : CancellationToken.None);
    }

    private T Timed<T>(Func<T> call)
    {
        _communication.Start();
        try
        {
            return call();
        }
        finally
        {
            _communication.Stop();
        }
    }
}
