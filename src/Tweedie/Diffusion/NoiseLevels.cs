using static TorchSharp.torch;

namespace Tweedie.Diffusion;

/// <summary>
/// The noise of a batch's tokens. Both tensors broadcast to (B, N): shape (1, 1) is one level for all, (B, 1) one per item, (B, N) one per token.
/// </summary>
/// <param name="State">ᾱ of the state, float64: near 1, double precision keeps the digits of 1−ᾱ. In masked diffusion, 1 where a token is visible.</param>
/// <param name="Told">The timestep that the network is told, 0..T−1; it may differ from that of the state.</param>
public sealed record NoiseLevels(Tensor State, Tensor Told) : IDisposable
{
    /// <summary>One level for all tokens.</summary>
    /// <param name="alphaBar">ᾱ of the state.</param>
    /// <param name="told">The timestep that the network is told.</param>
    /// <param name="device">Where the tensors are.</param>
    public static NoiseLevels Of(double alphaBar, double told, Device device) =>
        new(TensorArithmetic.Filled([1, 1], alphaBar, float64, device), TensorArithmetic.Filled([1, 1], told, float32, device));

    /// <summary>Takes both tensors out of every dispose scope.</summary>
    internal NoiseLevels Detach()
    {
        State.DetachFromDisposeScope();
        Told.DetachFromDisposeScope();
        return this;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        State.Dispose();
        Told.Dispose();
    }
}
