using TorchSharp;
using Tweedie.Training;
using static TorchSharp.torch;

namespace Tweedie.Cli;

/// <summary>The processes that <c>mpirun</c> or <c>torchrun</c> has started together with this one, and what connects them.</summary>
internal sealed class JoinedProcesses : IDisposable
{
    private readonly OpenMpi? _mpi;
    private readonly Kind _kind;
    private readonly TimeSpan _limit;
    private Nccl? _nccl;

    /// <summary>Joins the processes, if Open MPI has started them; else each is alone until <see cref="Connect"/>.</summary>
    /// <param name="kind">What may connect them.</param>
    /// <param name="limit">How long a process waits for the others.</param>
    /// <exception cref="TweedieException">The library is not installed, or the others do not come.</exception>
    public JoinedProcesses(Kind kind, TimeSpan limit)
    {
        (_kind, _limit) = (kind, limit);
        _mpi = OpenMpi.IsStarted ? OpenMpi.Join(limit) : null;
        Group = _mpi is null ? ProcessGroup.Alone : new ProcessGroup(_mpi);
    }

    /// <summary>The processes; this one alone where nothing connects it yet.</summary>
    public ProcessGroup Group { get; private set; }

    /// <summary>The number of this process among those of its machine, each of which takes a GPU of its own; null where it is alone.</summary>
    public static int? DeviceNumber => OpenMpi.IsStarted ? OpenMpi.LocalRank : Nccl.IsStarted ? Nccl.LocalRank : null;

    /// <summary>Connects the processes for a training on these devices.</summary>
    /// <param name="device">The device of this process.</param>
    /// <returns>The processes, or null where this one is alone; and what the user should know.</returns>
    /// <exception cref="TweedieException">What was asked for cannot connect them.</exception>
    /// <exception cref="OtherProcessException">It cannot in another process.</exception>
    public (ICollective? Processes, string? Warning) Connect(Device device)
    {
        if (_mpi is null)
        {
            if (!Nccl.IsStarted)
                return (null, null);
            if (_kind == Kind.Mpi)
                throw new TweedieException("--collective mpi: the environment is that of torchrun, but Open MPI connects processes that mpirun has started; start them with mpirun, or leave --collective out.");
            return (Use(Nccl.Join(device, _limit)), null);
        }
        if (_kind == Kind.Mpi)
            return (_mpi, null);
        var isGpu = Group.Gather(device.type == DeviceType.CUDA).All(isGpu => isGpu);
        var missing = isGpu ? Group.Gather(Nccl.Missing).FirstOrDefault(reason => reason is not null) : null;
        if (_kind == Kind.Auto && (!isGpu || missing is not null))
            return (_mpi, missing is null ? null : $"gradients pass through the memory of the host, which takes longer: {missing}");
        Group.OnFirst(() =>
        {
            if (!isGpu)
                throw new TweedieException("--collective nccl: connects GPUs only; give --device cuda, or leave --collective out.");
            if (missing is not null)
                throw new TweedieException(missing, FaultKind.Resources);
        });
        return (Use(Nccl.Join(device, _limit, _mpi)), null);
    }

    /// <summary>Leaves the processes.</summary>
    public void Dispose()
    {
        _nccl?.Dispose();
        _mpi?.Dispose();
    }

    private Nccl Use(Nccl nccl)
    {
        Group = new ProcessGroup(nccl);
        return _nccl = nccl;
    }

    /// <summary>What may connect processes.</summary>
    internal enum Kind
    {
        /// <summary>NCCL, where all processes have GPUs and the library; else Open MPI.</summary>
        Auto,
        /// <summary>Open MPI.</summary>
        Mpi,
        /// <summary>NCCL.</summary>
        Nccl,
    }
}
