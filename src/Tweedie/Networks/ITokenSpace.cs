using static TorchSharp.torch;

namespace Tweedie.Networks;

/// <summary>
/// Where noisy tokens live: in the K dimensions of one-hot vectors, or in the d dimensions into which W embeds them.
/// W is linear, so y_t = s·√ᾱ_t·y0 + √(1−ᾱ_t)·ε reads the same in both, and the network sees the same distribution of W·y_t.
/// </summary>
public interface ITokenSpace : IDisposable
{
    /// <summary>Clean tokens y0 in this space: (B, N) int64 → (B, N, dimensions).</summary>
    Tensor Clean(Tensor tokens);

    /// <summary>ε ~ N(0, I) of K dimensions, as it is in this space: (items, tokens, dimensions), float32.</summary>
    /// <param name="items">B.</param>
    /// <param name="tokens">N.</param>
    /// <param name="generator">The source of randomness; torch's global one if null.</param>
    Tensor Noise(long items, long tokens, Generator? generator = null);

    /// <summary>A state of this space to W·y_t: (B, N, dimensions) → (B, N, d).</summary>
    Tensor Embed(Tensor state);
}
