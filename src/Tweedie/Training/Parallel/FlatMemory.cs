using Tweedie.Platform;
using static TorchSharp.torch;

namespace Tweedie.Training;

/// <summary>The memory of flat tensors, on the host or on a GPU, which libraries of communication read and write.</summary>
internal static unsafe class FlatMemory
{
    private static readonly Lazy<nint> Data = new(() => TorchRuntime.Function("THSTensor_data"));

    /// <summary>Refuses what is not 1-D, contiguous and in float32 or bfloat16.</summary>
    /// <exception cref="ArgumentException">It is not.</exception>
    public static void Check(Tensor flat)
    {
        ArgumentNullException.ThrowIfNull(flat);
        if (flat.dtype is not (ScalarType.Float32 or ScalarType.BFloat16) || flat.dim() != 1 || !flat.is_contiguous())
            throw new ArgumentException("The tensor must be 1-D, contiguous and in float32 or bfloat16.", nameof(flat));
    }

    /// <summary>The address of the first element, in the memory of the tensor's device. No collection moves it while the tensor lives.</summary>
    public static nint Address(Tensor flat) => ((delegate* unmanaged<nint, nint>)Data.Value)(flat.Handle);
}
