using static TorchSharp.torch;

namespace Tweedie.Diffusion;

/// <summary>
/// A space of Gaussian noise about one-hot vectors: the K dimensions themselves, or the d dimensions into which W embeds them. W is linear, so
/// y = √ᾱ·(s·y0) + √(1−ᾱ)·ε reads the same in both, and the network sees the same distribution of W·y. Every update that is affine in the state,
/// the clean vector and the noise holds unchanged in either.
/// </summary>
public abstract class GaussianSpace : ITokenSpace
{
    /// <summary>s·y0 of clean tokens in this space: (B, N) int64 → (B, N, dimensions), float32.</summary>
    public abstract Tensor Clean(Tensor tokens);

    /// <summary>ε ~ N(0, I) of K dimensions, mapped into this space: (B, N, dimensions), float32.</summary>
    /// <param name="items">B.</param>
    /// <param name="tokens">N.</param>
    /// <param name="noise">The source of randomness.</param>
    public abstract Tensor Noise(long items, long tokens, INoiseSource noise);

    /// <inheritdoc/>
    public abstract Tensor Embed(Tensor state);

    /// <inheritdoc/>
    public Tensor Prior(long items, long tokens, INoiseSource noise) => Noise(items, tokens, noise);

    /// <inheritdoc/>
    public Tensor Corrupt(Tensor tokens, Tensor alphaBar, INoiseSource noise)
    {
        using var scope = NewDisposeScope();
        return ForwardProcess.Corrupt(Clean(tokens), Noise(tokens.shape[0], tokens.shape[1], noise), alphaBar).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public virtual bool Fits(Tensor weight) => true;

    /// <inheritdoc/>
    public abstract void Dispose();
}
