using System.Diagnostics;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Tweedie.Training;

/// <summary>
/// Processes with a GPU each that NVIDIA's NCCL connects. Tensors stay on the devices. A process that waits for the others for longer than a limit stops with an
/// error.
/// </summary>
/// <remarks>No call of the library waits, so that the caller can give up. Work goes into CUDA's default stream, which libtorch uses as well.</remarks>
public sealed class Nccl : ICollective, IDisposable
{
    private const int SlotBytes = 256; // of each process in the first exchange of a Gather, its length included
    private static readonly TimeSpan _leaveLimit = TimeSpan.FromSeconds(5);

    private readonly NcclLibrary _library;
    private readonly CudaContext _context;
    private readonly Device _device;
    private readonly TimeSpan _limit;
    private nint _communicator; // 0 where there is none any more

    internal Nccl(NcclLibrary library, CudaContext context, Device device, (int Rank, int Size) place, byte[] identity, TimeSpan limit)
    {
        (_library, _context, _device, _limit) = (library, context, device, limit);
        (Rank, Size) = place;
        Name = $"NCCL {library.Version}";
        Call("ncclCommInitRankConfig", () =>
        {
            (_communicator, var result) = library.Begin(identity, Rank, Size);
            return result;
        }, limit);
    }

    /// <summary>Whether the environment describes several processes as <c>torchrun</c> does: <c>RANK</c>, <c>WORLD_SIZE</c>, <c>MASTER_ADDR</c>, <c>MASTER_PORT</c>.</summary>
    public static bool IsStarted => Torchrun.IsPresent;

    /// <summary>The number of this process on its machine, from 0 on, as <c>torchrun</c> says it in <c>LOCAL_RANK</c>.</summary>
    public static int LocalRank => Torchrun.LocalRank;

    /// <summary>Why the library cannot be used; null where it can.</summary>
    public static string? Missing
    {
        get
        {
            try
            {
                _ = NcclLibrary.Load(NcclLibrary.Names);
                return null;
            }
            catch (TweedieException error)
            {
                return error.Message;
            }
        }
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public int Rank { get; }

    /// <inheritdoc/>
    public int Size { get; }

    /// <summary>Joins the processes that were started together.</summary>
    /// <param name="device">The GPU of this process, which no other process has.</param>
    /// <param name="limit">How long a process waits for the others.</param>
    /// <param name="connected">The same processes, connected in another way, over which they agree where to meet; by default they read it from the environment.</param>
    /// <exception cref="TweedieException">The library or the driver is not installed, the environment is not as expected, or the others do not come.</exception>
    public static Nccl Join(Device device, TimeSpan limit, ICollective? connected = null)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(limit, TimeSpan.Zero);
        if (device.type != DeviceType.CUDA)
            throw new TweedieException($"the device {device}: NCCL connects GPUs only; train on cuda, or start the processes with mpirun.");
        return Join(NcclLibrary.Load(NcclLibrary.Names), new CudaContext(CudaContext.Names, Math.Max(device.index, 0)), device, limit, connected);
    }

    internal static Nccl Join(NcclLibrary library, CudaContext context, Device device, TimeSpan limit, ICollective? connected)
    {
        if (connected is not null)
            return new(library, context, device, (connected.Rank, connected.Size), connected.Gather(connected.Rank == 0 ? library.NewIdentity() : [])[0], limit);
        var place = Torchrun.Place();
        Torchrun.MeetAtMaster();
        return new(library, context, device, place, library.NewIdentity(), limit);
    }

    /// <inheritdoc/>
    /// <exception cref="TweedieException">The others did not come in time, or the library failed.</exception>
    public void Sum(Tensor flat) => OnDevice(flat, local =>
        Call("ncclAllReduce", () => _library.Sum(FlatMemory.Address(local), local.shape[0], local.dtype, _communicator), _limit));

    /// <inheritdoc/>
    /// <exception cref="TweedieException">The others did not come in time, or the library failed.</exception>
    public void Broadcast(Tensor flat) => OnDevice(flat, local =>
        Call("ncclBroadcast", () => _library.Broadcast(FlatMemory.Address(local), local.shape[0], local.dtype, _communicator), _limit));

    /// <inheritdoc/>
    /// <exception cref="TweedieException">The others did not come in time, or the library failed.</exception>
    public IReadOnlyList<byte[]> Gather(byte[] message)
    {
        ArgumentNullException.ThrowIfNull(message);
        // A short message needs one exchange: its slot has the length, and then the message. Where one is longer, a second exchange follows.
        var slot = new byte[SlotBytes];
        MemoryMarshal.Write(slot, message.Length);
        if (message.Length <= SlotBytes - sizeof(int))
            message.CopyTo(slot, sizeof(int));
        var slots = Exchange(slot, _limit);
        int[] lengths = [.. Enumerable.Range(0, Size).Select(rank => MemoryMarshal.Read<int>(slots.AsSpan(rank * SlotBytes)))];
        if (lengths.Max() is var longest && longest <= SlotBytes - sizeof(int))
            return [.. lengths.Select((length, rank) => slots.AsSpan(rank * SlotBytes + sizeof(int), length).ToArray())];
        Array.Resize(ref message, longest);
        var all = Exchange(message, _limit);
        return [.. lengths.Select((length, rank) => all.AsSpan(rank * longest, length).ToArray())];
    }

    /// <inheritdoc/>
    public void Barrier() => Exchange([0], Timeout.InfiniteTimeSpan);

    /// <summary>Leaves the processes. Where the others have not come to the same end, it leaves them after a few seconds.</summary>
    public void Dispose()
    {
        if (_communicator == 0)
            return;
        try
        {
            Call("ncclCommFinalize", () => _library.Finish(_communicator), _leaveLimit);
            _library.Free(_communicator);
            _communicator = 0;
            _context.Dispose();
        }
        catch (TweedieException)
        {
            // The others end with this process.
        }
    }

    private void OnDevice(Tensor flat, Action<Tensor> call)
    {
        FlatMemory.Check(flat);
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var local = flat.device_type == _device.type ? flat : flat.to(_device);
        call(local);
        if (!ReferenceEquals(local, flat))
            flat.copy_(local);
    }

    private byte[] Exchange(byte[] message, TimeSpan limit)
    {
        using var scope = NewDisposeScope();
        var own = tensor(message, uint8, _device);
        var all = empty([(long)message.Length * Size], uint8, _device);
        Call("ncclAllGather", () => _library.Gather(FlatMemory.Address(own), FlatMemory.Address(all), message.Length, _communicator), limit);
        return all.cpu().bytes.ToArray();
    }

    // Calls the library and waits until the call and the work on the device are done.
    private void Call(string function, Func<int> call, TimeSpan limit)
    {
        try
        {
            _context.Within(() =>
            {
                var (watch, wait) = (Stopwatch.StartNew(), new SpinWait());
                _library.Check(call(), function);
                while (!IsDone(function))
                {
                    if (limit != Timeout.InfiniteTimeSpan && watch.Elapsed > limit)
                        throw WaitLimit.Exceeded(limit);
                    wait.SpinOnce(sleep1Threshold: 10_000); // some milliseconds without sleep, which would delay each of many short calls
                }
                return 0;
            });
        }
        catch (TweedieException)
        {
            if (_communicator != 0)
                _library.Abort(_communicator);
            _communicator = 0;
            throw;
        }
    }

    private bool IsDone(string function)
    {
        var state = _library.State(_communicator);
        _library.Check(state, function);
        return state == NcclLibrary.Success && _context.IsIdle;
    }
}
