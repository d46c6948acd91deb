using Tweedie.Sampling;
using static TorchSharp.torch;

namespace Tweedie.Diffusion;

/// <summary>The paper's space: noise is drawn in all K dimensions, and W is applied to every state.</summary>
/// <param name="weight">W, shape (d, K).</param>
/// <param name="scale">s, the height of the hot entry.</param>
public sealed class OneHotSpace(Tensor weight, double scale = 1) : GaussianSpace
{
    /// <inheritdoc/>
    public override Tensor Clean(Tensor tokens)
    {
        var oneHot = ForwardProcess.OneHot(tokens, weight.shape[1]);
        return scale == 1 ? oneHot : oneHot.Scale(scale);
    }

    /// <inheritdoc/>
    public override Tensor Noise(long items, long tokens, INoiseSource noise) => noise.Normal(NoisePurpose.State, items, tokens, weight.shape[1]);

    /// <inheritdoc/>
    public override Tensor Embed(Tensor state)
    {
        using var scope = NewDisposeScope();
        return nn.functional.linear(state.to(weight.dtype), weight).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override void Dispose() { }
}
