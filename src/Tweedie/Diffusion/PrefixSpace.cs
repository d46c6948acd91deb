using static TorchSharp.torch;

namespace Tweedie.Diffusion;

/// <summary>
/// The space of autoregression: a state holds the tokens themselves, and K in place of a token that is not decided yet. A token enters the network at the place
/// of the next one, which is predicted from it; nothing enters at the first place.
/// </summary>
/// <param name="weight">W, shape (d, K).</param>
internal sealed class PrefixSpace(Tensor weight) : ITokenSpace
{
    private readonly MaskedSpace _tokens = new(weight);

    /// <inheritdoc/>
    public Tensor Prior(long items, long tokens, Tensor alphaBar, INoiseSource noise) => _tokens.Prior(items, tokens, alphaBar, noise);

    /// <summary>The tokens as they are: each place sees only those before it, so nothing needs to be hidden.</summary>
    public Tensor Corrupt(Tensor tokens, Tensor alphaBar, INoiseSource noise) => tokens.alias();

    /// <inheritdoc/>
    public Tensor Embed(Tensor state, Tensor alphaBar)
    {
        using var scope = NewDisposeScope();
        var first = zeros([state.shape[0], 1, weight.shape[0]], weight.dtype, weight.device);
        if (state.shape[1] == 1)
            return first.MoveToOuterDisposeScope();
        return cat([first, _tokens.Embed(state.narrow(1, 0, state.shape[1] - 1), alphaBar)], 1).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public Tensor Embed(Logits prediction) => _tokens.Embed(prediction);

    /// <inheritdoc/>
    public Tensor Open(Tensor state) => _tokens.Open(state);

    /// <inheritdoc/>
    public void Dispose() { }
}
