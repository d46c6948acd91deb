using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using TorchSharp;

namespace Tweedie.Platform;

/// <summary>Whether a device multiplies matrices in bfloat16 at a useful speed.</summary>
public static class Bf16Products
{
    /// <summary>
    /// False on x86 processors without AVX-512 (BW, DQ, VL): oneDNN has no bfloat16 products for them and libtorch's own are an order of
    /// magnitude slower than its float32 ones (docs/performance.md). Other CPUs are not judged.
    /// </summary>
    /// <param name="device">The device.</param>
    public static bool AreFast(torch.Device device) =>
        device.type != DeviceType.CPU || RuntimeInformation.ProcessArchitecture != Architecture.X64
        || (Avx512BW.VL.IsSupported && Avx512DQ.VL.IsSupported);

    /// <summary>The warning for a user who asks for bfloat16 where it is slow; null where it is not.</summary>
    /// <param name="setting">What was set, such as <c>--precision bf16</c>.</param>
    /// <param name="precision">The precision that was asked for.</param>
    /// <param name="device">The device.</param>
    public static string? Warning(string setting, Precision precision, torch.Device device) => precision != Precision.Bf16 || AreFast(device) ? null
        : $"{setting}: this processor has no AVX-512, bfloat16 is about ten times slower than float32 on it; use f32.";
}
