using Tweedie.Sampling;
using static TorchSharp.torch;

namespace Tweedie.Diffusion;

/// <summary>The paper's space: noise is drawn in all K dimensions, and W is applied to every state.</summary>
/// <param name="weight">W, shape (d, K).</param>
/// <param name="scale">s, the height of the hot entry.</param>
/// <param name="input">How a state enters the network.</param>
/// <param name="logPrior">log π of <see cref="InputKind.Posterior"/>, shape (N, K); uniform if null.</param>
public sealed class OneHotSpace(Tensor weight, double scale = 1, InputKind input = InputKind.State, Tensor? logPrior = null) : GaussianSpace(input, logPrior)
{
    private readonly Lazy<TokenEvidence> _evidence = new(() => new TokenEvidence(weight, scale, EmbeddedSpace.FactorOf(weight)));

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
    public override Logits Evidence(Tensor state, Tensor alphaBar)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        if (weight.shape[1] <= weight.shape[0]) // W loses nothing
            return Logits.Of((state * TokenEvidence.Slope(alphaBar, scale, 1)).MoveToOuterDisposeScope());
        return _evidence.Value.Of(Embedded(state), alphaBar).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        if (_evidence.IsValueCreated)
            _evidence.Value.Dispose();
    }

    /// <summary>A space that has computed evidence, or was given a prior, may be out of date and is made anew: with so few entries that costs little.</summary>
    public override bool Fits(Tensor weight) => !_evidence.IsValueCreated && !HasPrior;

    /// <inheritdoc/>
    protected override Tensor Columns => weight.t();

    /// <inheritdoc/>
    protected override Tensor Embedded(Tensor state)
    {
        using var scope = NewDisposeScope();
        return nn.functional.linear(state.to(weight.dtype), weight).MoveToOuterDisposeScope();
    }
}
