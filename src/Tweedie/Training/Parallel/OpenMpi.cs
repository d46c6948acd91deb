using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Tweedie.Training;

/// <summary>
/// Processes that Open MPI has started and connects. A process that waits for the others for longer than a limit stops with an error, and
/// <c>mpirun</c> then ends them all.
/// </summary>
/// <remarks>One thread makes all calls of the library, as it wants them, so that the caller can give up waiting.</remarks>
public sealed class OpenMpi : ICollective, IDisposable
{
    private const int Chunk = 1 << 28; // elements per call, because the library counts in int
    private static readonly string[] StartedBy = ["OMPI_COMM_WORLD_SIZE", "PMIX_RANK"]; // mpirun, and a scheduler such as Slurm's srun --mpi=pmix
    private static readonly string[] LocalRanks = ["OMPI_COMM_WORLD_LOCAL_RANK", "SLURM_LOCALID"];
    private static readonly TimeSpan LeaveLimit = TimeSpan.FromSeconds(5);

    private readonly OpenMpiLibrary _library;
    private readonly BlockingCollection<Action> _calls = [];
    private readonly TimeSpan _limit;
    private bool _isStuck;

    private OpenMpi(OpenMpiLibrary library, TimeSpan limit)
    {
        (_library, _limit) = (library, limit);
        new Thread(Work) { IsBackground = true, Name = "Open MPI" }.Start();
        (Rank, Size) = Call(() =>
        {
            library.Initialize();
            return library.Place();
        }, limit);
    }

    /// <summary>Whether Open MPI has started this process.</summary>
    public static bool IsStarted => StartedBy.Any(name => Environment.GetEnvironmentVariable(name) is { Length: > 0 });

    /// <summary>The number of this process on its machine, from 0 on, by which it chooses one of several GPUs.</summary>
    public static int LocalRank => LocalRanks.Select(Environment.GetEnvironmentVariable).Select(text => int.TryParse(text, out var rank) ? rank : 0).Max();

    /// <inheritdoc/>
    public string Name => "Open MPI";

    /// <inheritdoc/>
    public int Rank { get; }

    /// <inheritdoc/>
    public int Size { get; }

    /// <summary>Joins the processes that were started together. It can be done once in the life of a process.</summary>
    /// <param name="limit">How long a process waits for the others.</param>
    /// <exception cref="TweedieException">The library is not installed, or the others do not come.</exception>
    public static OpenMpi Join(TimeSpan limit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(limit, TimeSpan.Zero);
        return new(OpenMpiLibrary.Load(), limit);
    }

    /// <inheritdoc/>
    /// <exception cref="TweedieException">The others did not come in time.</exception>
    public void Sum(Tensor flat) => OnHost(flat, _library.Sum);

    /// <inheritdoc/>
    /// <exception cref="TweedieException">The others did not come in time.</exception>
    public void Broadcast(Tensor flat) => OnHost(flat, _library.Broadcast);

    /// <inheritdoc/>
    /// <exception cref="TweedieException">The others did not come in time.</exception>
    public IReadOnlyList<byte[]> Gather(byte[] message)
    {
        ArgumentNullException.ThrowIfNull(message);
        var (lengths, all) = Call(() =>
        {
            var sizes = _library.Gather(message.Length, Size);
            return (sizes, _library.Gather(message, sizes));
        }, _limit);
        var start = 0;
        return [.. lengths.Select(length => all[start..(start += length)])];
    }

    /// <inheritdoc/>
    public void Barrier() => Call(() =>
    {
        _library.Barrier();
        return 0;
    }, Timeout.InfiniteTimeSpan);

    /// <summary>Leaves the processes. Where the others have not come to the same end, it leaves them after a few seconds.</summary>
    public void Dispose()
    {
        if (_isStuck || _calls.IsAddingCompleted)
            return;
        try
        {
            Call(() =>
            {
                _library.Finish();
                return 0;
            }, LeaveLimit);
        }
        catch (TweedieException)
        {
            // The others end with this process.
        }
        _calls.CompleteAdding();
    }

    private void OnHost(Tensor flat, Action<nint, int, ScalarType> call)
    {
        FlatMemory.Check(flat);
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var host = flat.device_type == DeviceType.CPU ? flat : flat.cpu();
        for (long start = 0; start < host.shape[0]; start += Chunk)
        {
            var part = host.narrow(0, start, Math.Min(Chunk, host.shape[0] - start));
            Call(() =>
            {
                call(FlatMemory.Address(part), (int)part.shape[0], part.dtype);
                return 0;
            }, _limit);
        }
        if (!ReferenceEquals(host, flat))
            flat.copy_(host);
    }

    private T Call<T>(Func<T> call, TimeSpan limit)
    {
        var (result, error) = (default(T), default(Exception));
        using var done = new ManualResetEventSlim();
        _calls.Add(() =>
        {
            try
            {
                result = call();
            }
            catch (Exception thrown)
            {
                error = thrown;
            }
            done.Set();
        });
        if (!done.Wait(limit))
        {
            _isStuck = true;
            throw WaitLimit.Exceeded(limit);
        }
        if (error is not null)
            ExceptionDispatchInfo.Throw(error);
        return result!;
    }

    private void Work()
    {
        foreach (var call in _calls.GetConsumingEnumerable())
            call();
    }
}
