using TorchSharp;

namespace Tweedie.Platform;

/// <summary>
/// Mixed precision: inside a scope, libtorch runs matrix products in a 16-bit type, and keeps operations that need the range (softmax, losses, norms) in f32.
/// Parameters and their gradients stay f32 (Micikevicius et al., "Mixed Precision Training", ICLR 2018).
/// </summary>
/// <example><code>using (Autocast.Enter(device, torch.ScalarType.BFloat16)) logits = model.forward(x);</code></example>
public static class Autocast
{
    private static readonly Lazy<bool> Supported = new(() =>
    {
        TorchRuntime.EnsureLoaded();
        return AutocastInterop.IsPresent;
    });

    /// <summary>Whether this platform's libtorch exports what autocast needs (Linux and macOS builds do, Windows builds do not).</summary>
    public static bool IsSupported => Supported.Value;

    /// <summary>Turns autocast on for the calling thread and a kind of device, until the scope is disposed of.</summary>
    /// <param name="device">The device whose operations are meant: CPU or CUDA.</param>
    /// <param name="dtype">The 16-bit type: BFloat16 or Float16.</param>
    /// <exception cref="ArgumentException">The device or the type has no autocast.</exception>
    /// <exception cref="NotSupportedException">This platform's libtorch has no autocast that can be called.</exception>
    public static AutocastScope Enter(torch.Device device, torch.ScalarType dtype)
    {
        if (dtype is not (torch.ScalarType.BFloat16 or torch.ScalarType.Float16))
            throw new ArgumentException($"Autocast computes in BFloat16 or Float16, not in {dtype}.", nameof(dtype));
        if (!Has(device))
            throw new ArgumentException($"Autocast runs on CPU and CUDA devices, not on {device}.", nameof(device));
        if (!IsSupported)
            throw new NotSupportedException("Autocast is not available with this platform's libtorch; train in f32 (precision: f32).");
        return new(device.type, enabled: true, dtype);
    }

    /// <summary>
    /// Turns autocast off for the calling thread and a kind of device, so that a part of the code runs in full precision. Does nothing where there is no
    /// autocast.
    /// </summary>
    /// <param name="device">The device whose operations are meant.</param>
    public static AutocastScope Disabled(torch.Device device) =>
        Has(device) && IsSupported ? new(device.type, enabled: false, dtype: null) : default;

    private static bool Has(torch.Device device) => device.type is DeviceType.CPU or DeviceType.CUDA;
}
