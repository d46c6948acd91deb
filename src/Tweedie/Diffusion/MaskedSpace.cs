using TorchSharp;
using Tweedie.Sampling;
using static TorchSharp.torch;

namespace Tweedie.Diffusion;

/// <summary>
/// The space of masked diffusion (MDLM, Sahoo et al. 2024): a state holds the tokens themselves, and K, one beyond the vocabulary, in place of a hidden token.
/// A visible token enters the network as its column of W, a hidden one as the zero vector: no word at all.
/// </summary>
/// <param name="weight">W, shape (d, K).</param>
public sealed class MaskedSpace(Tensor weight) : ITokenSpace
{
    /// <summary>The id of a hidden token: K.</summary>
    public long Mask => weight.shape[1];

    /// <inheritdoc/>
    public Tensor Prior(long items, long tokens, Tensor alphaBar, INoiseSource noise) => TensorArithmetic.Filled([items, tokens], Mask, int64, weight.device);

    /// <summary>Hides each token independently with probability (1−ε)·t, where t = 1−ᾱ (<see cref="LogLinearMasking"/>).</summary>
    public Tensor Corrupt(Tensor tokens, Tensor alphaBar, INoiseSource noise)
    {
        using var scope = NewDisposeScope();
        using Scalar mask = Mask;
        var uniforms = noise.Uniform(NoisePurpose.State, tokens.shape[0], tokens.shape[1], 1).squeeze(2);
        return tokens.masked_fill(LogLinearMasking.Hidden(uniforms, alphaBar.SubtractedFrom(1).to(float32)), mask).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public Tensor Embed(Tensor state, Tensor alphaBar)
    {
        using var scope = NewDisposeScope();
        var isVisible = state.IsBelow(Mask);
        var columns = weight.index_select(1, (state * isVisible).flatten()).t().reshape([.. state.shape, -1]);
        return (columns * isVisible.unsqueeze(-1)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public Tensor Embed(Logits prediction) => prediction.Mean(weight.t());

    /// <inheritdoc/>
    public Tensor Open(Tensor state) => state.Is(Mask);

    /// <inheritdoc/>
    public void Dispose() { }
}
