using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Tweedie.Training;

/// <summary>The functions of NCCL's C library that a training needs. Calls on a communicator do not wait: their result may be <see cref="InProgress"/>.</summary>
/// <remarks>Names, types and values are those of nccl.h since version 2.14.</remarks>
internal sealed unsafe class NcclLibrary
{
    /// <summary>The library's names on Linux, the only system that it exists for.</summary>
    public static readonly IReadOnlyList<string> Names = ["libnccl.so.2", "libnccl.so"];

    /// <summary>ncclSuccess.</summary>
    public const int Success = 0;

    /// <summary>ncclInProgress: the call is not done; <see cref="State"/> tells when it is.</summary>
    public const int InProgress = 7;

    private const int Uint8 = 1, Float32 = 7, Bfloat16 = 9; // ncclDataType_t
    private const int AddAll = 0; // ncclSum

    private readonly nint _library;

    private NcclLibrary(nint library) => _library = library;

    /// <summary>The version, such as 2.21.5.</summary>
    public string Version
    {
        get
        {
            int number;
            Check(((delegate* unmanaged<int*, int>)Address("ncclGetVersion"))(&number), "ncclGetVersion");
            return $"{number / 10000}.{number / 100 % 100}.{number % 100}";
        }
    }

    /// <summary>Loads the library by one of these names.</summary>
    /// <exception cref="TweedieException">It is not installed.</exception>
    public static NcclLibrary Load(IReadOnlyList<string> names)
    {
        foreach (var name in names)
            if (NativeLibrary.TryLoad(name, out var library))
                return new(library);
        throw new TweedieException(
            $"NCCL's library ({names[0]}) cannot be loaded; install it (from NVIDIA's package source: apt-get install libnccl2), or start the training with mpirun and --collective mpi.", FaultKind.Resources);
    }

    /// <summary>An identity for a new communicator, which all its processes must be given. With <c>NCCL_COMM_ID</c> in the environment, it is the same in all of them.</summary>
    public byte[] NewIdentity()
    {
        Identity identity;
        Check(((delegate* unmanaged<Identity*, int>)Address("ncclGetUniqueId"))(&identity), "ncclGetUniqueId");
        return new ReadOnlySpan<byte>(&identity, sizeof(Identity)).ToArray();
    }

    /// <summary>Begins a communicator on the device that is current in this thread.</summary>
    /// <returns>The communicator and the result.</returns>
    public (nint Communicator, int Result) Begin(byte[] identity, int rank, int size)
    {
        var config = new Config { Size = (nuint)sizeof(Config), Magic = 0xCAFEBEEF, Version = 21400, Blocking = 0 };
        nint communicator = 0;
        var result = ((delegate* unmanaged<nint*, int, Identity, int, Config*, int>)Address("ncclCommInitRankConfig"))(
            &communicator, size, MemoryMarshal.Read<Identity>(identity), rank, &config);
        return (communicator, result);
    }

    /// <summary>Replaces numbers in float32 or bfloat16 by their sum over all processes, in the default stream.</summary>
    public int Sum(nint values, long count, ScalarType type, nint communicator) =>
        ((delegate* unmanaged<nint, nint, nuint, int, int, nint, nint, int>)Address("ncclAllReduce"))(values, values, (nuint)count, NumberOf(type), AddAll, communicator, 0);

    /// <summary>Replaces numbers in float32 or bfloat16 by those of the process 0, in the default stream.</summary>
    public int Broadcast(nint values, long count, ScalarType type, nint communicator) =>
        ((delegate* unmanaged<nint, nint, nuint, int, int, nint, nint, int>)Address("ncclBroadcast"))(values, values, (nuint)count, NumberOf(type), 0, communicator, 0);

    /// <summary>Gives as many bytes of each process to all, by rank, in the default stream.</summary>
    public int Gather(nint own, nint all, long count, nint communicator) =>
        ((delegate* unmanaged<nint, nint, nuint, int, nint, nint, int>)Address("ncclAllGather"))(own, all, (nuint)count, Uint8, communicator, 0);

    /// <summary>How a communicator's calls stand: done, in progress, or the first error.</summary>
    public int State(nint communicator)
    {
        int state;
        var result = ((delegate* unmanaged<nint, int*, int>)Address("ncclCommGetAsyncError"))(communicator, &state);
        return result == Success ? state : result;
    }

    /// <summary>Lets a communicator's calls come to their end; all processes call it.</summary>
    public int Finish(nint communicator) => ((delegate* unmanaged<nint, int>)Address("ncclCommFinalize"))(communicator);

    /// <summary>Frees a communicator that is finished.</summary>
    public void Free(nint communicator) => ((delegate* unmanaged<nint, int>)Address("ncclCommDestroy"))(communicator);

    /// <summary>Ends a communicator's calls, whatever the others do, and frees it.</summary>
    public void Abort(nint communicator) => ((delegate* unmanaged<nint, int>)Address("ncclCommAbort"))(communicator);

    /// <summary>Refuses a result that is an error.</summary>
    /// <exception cref="TweedieException">It is one; the message is the library's.</exception>
    public void Check(int result, string function)
    {
        if (result is not (Success or InProgress))
            throw new TweedieException(
                $"NCCL: {function} failed: {Marshal.PtrToStringUTF8(((delegate* unmanaged<int, nint>)Address("ncclGetErrorString"))(result))}; NCCL_DEBUG=WARN shows more.", FaultKind.Resources);
    }

    private static int NumberOf(ScalarType type) => type == ScalarType.Float32 ? Float32 : Bfloat16;

    private nint Address(string name) => NativeLibrary.GetExport(_library, name);

    // ncclUniqueId, passed by value
    private struct Identity
    {
        public fixed byte Bytes[128];
    }

    // ncclConfig_t of version 2.14, which later versions take too
    private struct Config
    {
        public nuint Size;
        public uint Magic;
        public uint Version;
        public int Blocking;
    }
}
