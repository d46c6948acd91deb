using Tweedie.Diffusion;
using static TorchSharp.torch;

namespace Tweedie.Networks;

/// <summary>The paper's space: noise is drawn in all K dimensions, and W is applied to every state.</summary>
/// <param name="weight">W, shape (d, K).</param>
public sealed class OneHotSpace(Tensor weight) : ITokenSpace
{
    /// <inheritdoc/>
    public Tensor Clean(Tensor tokens) => ForwardProcess.OneHot(tokens, weight.shape[1]);

    /// <inheritdoc/>
    public Tensor Noise(long items, long tokens, Generator? generator = null) =>
        randn([items, tokens, weight.shape[1]], float32, weight.device, generator: generator);

    /// <inheritdoc/>
    public Tensor Embed(Tensor state)
    {
        using var scope = NewDisposeScope();
        return nn.functional.linear(state.to(weight.dtype), weight).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose() { }
}
