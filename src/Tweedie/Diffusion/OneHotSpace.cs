using Tweedie.Sampling;
using static TorchSharp.torch;

namespace Tweedie.Diffusion;

/// <summary>The paper's space: noise is drawn in all K dimensions, and W is applied to every state.</summary>
/// <param name="weight">W, shape (d, K).</param>
/// <param name="scale">s, the height of the hot entry.</param>
/// <param name="input">How a state enters the network.</param>
public sealed class OneHotSpace(Tensor weight, double scale = 1, InputKind input = InputKind.State) : GaussianSpace
{
    private TokenEvidence? _evidence;

    /// <inheritdoc/>
    public override Tensor Clean(Tensor tokens)
    {
        var oneHot = ForwardProcess.OneHot(tokens, weight.shape[1]);
        return scale == 1 ? oneHot : oneHot.Scale(scale);
    }

    /// <inheritdoc/>
    public override Tensor Clean(Logits prediction)
    {
        var probabilities = prediction.Probabilities();
        return scale == 1 ? probabilities : probabilities.Scale(scale);
    }

    /// <inheritdoc/>
    public override Tensor Noise(long items, long tokens, INoiseSource noise, NoisePurpose purpose = NoisePurpose.State) => noise.Normal(purpose, items, tokens, weight.shape[1]);

    /// <inheritdoc/>
    public override Tensor Embed(Tensor state, Tensor alphaBar)
    {
        using var scope = NewDisposeScope();
        return LinearEstimate.Of(Embedded(state), alphaBar, scale, weight.shape[1], input).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor Embed(Logits prediction) => prediction.Mean(weight.t());

    /// <inheritdoc/>
    public override Logits Evidence(Tensor state, Tensor alphaBar)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        if (weight.shape[1] <= weight.shape[0]) // W loses nothing
            return Logits.Of((state * TokenEvidence.Slope(alphaBar, scale, 1)).MoveToOuterDisposeScope());
        _evidence ??= new TokenEvidence(weight, scale, EmbeddedSpace.FactorOf(weight));
        return _evidence.Of(Embedded(state), alphaBar).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override void Dispose() => _evidence?.Dispose();

    private Tensor Embedded(Tensor state) => nn.functional.linear(state.to(weight.dtype), weight);
}
