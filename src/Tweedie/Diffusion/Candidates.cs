using static TorchSharp.torch;

namespace Tweedie.Diffusion;

/// <summary>The most probable entries of each token, best first.</summary>
/// <param name="Entries">Shape (B, N, C), int64.</param>
/// <param name="Probabilities">Shape (B, N, C), float32.</param>
public sealed record Candidates(Tensor Entries, Tensor Probabilities) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose()
    {
        Entries.Dispose();
        Probabilities.Dispose();
    }
}
