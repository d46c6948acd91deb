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
    public override TokenCode Code => TokenCode.Of(weight.shape[1], weight.shape[0], scale);

    /// <inheritdoc/>
    public override Tensor SquaredDistance(Tensor tokens, Logits? prediction = null)
    {
        if (!LosesNothing)
            return _evidence.Value.SquaredDistance(tokens, prediction);
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        if (prediction is null)
            return TensorArithmetic.Filled(tokens.shape, scale * scale, float64, tokens.device).MoveToOuterDisposeScope();
        var difference = (ForwardProcess.OneHot(tokens, weight.shape[1]) - prediction.Probabilities()).to(float64);
        return (difference * difference).sum(-1).Times(scale * scale).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Logits Evidence(Tensor state, Tensor alphaBar)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        if (LosesNothing)
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

    // W of d dimensions keeps all of K where K is not larger.
    private bool LosesNothing => weight.shape[1] <= weight.shape[0];

    /// <inheritdoc/>
    protected override Tensor Columns => weight.t();

    /// <inheritdoc/>
    protected override Tensor Embedded(Tensor state)
    {
        using var scope = NewDisposeScope();
        return nn.functional.linear(state.to(weight.dtype), weight).MoveToOuterDisposeScope();
    }
}
