using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Tweedie.Training;

/// <summary>The functions of Open MPI's C library, which is loaded when the first one is called. Handles are the addresses of exported variables.</summary>
internal sealed unsafe class OpenMpiLibrary
{
    private const int ThreadFunneled = 1; // MPI_THREAD_FUNNELED: only the thread that initialised it calls it
    private static readonly void* InPlace = (void*)1; // MPI_IN_PLACE
    private static readonly string[] Names = ["libmpi.so.40", "libmpi.so", "libmpi.40.dylib", "libmpi.dylib"];

    private readonly nint _library;
    private readonly nint _world;
    private readonly nint _float;
    private readonly nint _bfloat16; // which the library does not know: unsigned 16-bit numbers that a function of ours adds
    private readonly nint _byte;
    private readonly nint _int;
    private readonly nint _sum;
    private nint _bfloat16Sum;

    private OpenMpiLibrary(nint library)
    {
        _library = library;
        (_world, _sum) = (Address("ompi_mpi_comm_world"), Address("ompi_mpi_op_sum"));
        (_float, _bfloat16) = (Address("ompi_mpi_float"), Address("ompi_mpi_uint16_t"));
        (_byte, _int) = (Address("ompi_mpi_byte"), Address("ompi_mpi_int"));
    }

    /// <summary>Loads the library.</summary>
    /// <exception cref="TweedieException">It is not installed, or it is another MPI.</exception>
    public static OpenMpiLibrary Load() => Load(Names);

    /// <summary>Loads the library by one of these names.</summary>
    internal static OpenMpiLibrary Load(IReadOnlyList<string> names)
    {
        const string way = "install it (on Debian and Ubuntu: apt-get install openmpi-bin), or train in one process.";
        foreach (var name in names)
            if (NativeLibrary.TryLoad(name, out var library))
                return NativeLibrary.TryGetExport(library, "ompi_mpi_comm_world", out _) ? new OpenMpiLibrary(library)
                    : throw new TweedieException($"{name}: is not Open MPI's library; {way}", FaultKind.Resources);
        throw new TweedieException($"Open MPI's library ({names[0]}) cannot be loaded; {way}", FaultKind.Resources);
    }

    /// <summary>Joins the processes that were started together.</summary>
    public void Initialize()
    {
        int provided;
        Check(((delegate* unmanaged<void*, void*, int, int*, int>)Address("MPI_Init_thread"))(null, null, ThreadFunneled, &provided), "MPI_Init_thread");
        const int commutes = 1;
        nint sum;
        Check(((delegate* unmanaged<delegate* unmanaged[Cdecl]<ushort*, ushort*, int*, nint*, void>, int, nint*, int>)Address("MPI_Op_create"))(&AddBfloat16, commutes, &sum), "MPI_Op_create");
        _bfloat16Sum = sum;
    }

    /// <summary>Leaves the processes; all of them call it.</summary>
    public void Finish() => Check(((delegate* unmanaged<int>)Address("MPI_Finalize"))(), "MPI_Finalize");

    /// <summary>The rank of this process and the number of processes.</summary>
    public (int Rank, int Size) Place()
    {
        int rank, size;
        Check(((delegate* unmanaged<nint, int*, int>)Address("MPI_Comm_rank"))(_world, &rank), "MPI_Comm_rank");
        Check(((delegate* unmanaged<nint, int*, int>)Address("MPI_Comm_size"))(_world, &size), "MPI_Comm_size");
        return (rank, size);
    }

    /// <summary>Replaces numbers in float32 or bfloat16 by their sum over all processes.</summary>
    public void Sum(nint values, int count, ScalarType type)
    {
        var (numbers, sum) = type == ScalarType.Float32 ? (_float, _sum) : (_bfloat16, _bfloat16Sum);
        Check(((delegate* unmanaged<void*, nint, int, nint, nint, nint, int>)Address("MPI_Allreduce"))(InPlace, values, count, numbers, sum, _world), "MPI_Allreduce");
    }

    /// <summary>Replaces numbers in float32 or bfloat16 by those of the process 0.</summary>
    public void Broadcast(nint values, int count, ScalarType type) =>
        Check(((delegate* unmanaged<nint, int, nint, int, nint, int>)Address("MPI_Bcast"))(values, count, type == ScalarType.Float32 ? _float : _bfloat16, 0, _world), "MPI_Bcast");

    /// <summary>Gives one number of each process to all.</summary>
    public int[] Gather(int value, int size)
    {
        var all = new int[size];
        fixed (int* target = all)
            Check(((delegate* unmanaged<void*, int, nint, void*, int, nint, nint, int>)Address("MPI_Allgather"))(&value, 1, _int, target, 1, _int, _world), "MPI_Allgather");
        return all;
    }

    /// <summary>Gives bytes of each process to all, one after the other.</summary>
    /// <param name="message">The bytes of this process.</param>
    /// <param name="lengths">How many each process gives.</param>
    public byte[] Gather(ReadOnlySpan<byte> message, int[] lengths)
    {
        var starts = new int[lengths.Length];
        for (var rank = 1; rank < lengths.Length; rank++)
            starts[rank] = checked(starts[rank - 1] + lengths[rank - 1]);
        var all = new byte[checked(starts[^1] + lengths[^1])];
        fixed (byte* source = message, target = all)
        fixed (int* count = lengths, start = starts)
            Check(((delegate* unmanaged<void*, int, nint, void*, int*, int*, nint, nint, int>)Address("MPI_Allgatherv"))(
                source, message.Length, _byte, target, count, start, _byte, _world), "MPI_Allgatherv");
        return all;
    }

    /// <summary>Waits for all processes.</summary>
    public void Barrier() => Check(((delegate* unmanaged<nint, int>)Address("MPI_Barrier"))(_world), "MPI_Barrier");

    // The library calls it with a part of the numbers; the type is the one that it was given.
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void AddBfloat16(ushort* added, ushort* sum, int* count, nint* type) => Bfloat16Sum.Add(new(added, *count), new(sum, *count));

    private nint Address(string name) => NativeLibrary.GetExport(_library, name);

    private static void Check(int code, string function)
    {
        if (code != 0)
            throw new TweedieException($"Open MPI: {function} failed (error {code}).", FaultKind.Resources);
    }
}
