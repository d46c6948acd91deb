using static TorchSharp.torch;

namespace Tweedie.Networks;

/// <summary>
/// How masked tokens enter a <see cref="Denoiser"/>: a visible token as its one-hot vector, embedded, a hidden one as the
/// zero vector: no word at all. The network is told no time (MDLM): how much is hidden is plain to see.
/// </summary>
public static class MaskedInput
{
    /// <summary>The hidden state before the output layer.</summary>
    /// <param name="network">The network.</param>
    /// <param name="tokens">Shape (B, N), int64; K where hidden.</param>
    /// <param name="context">The condition's keys and values for these B items.</param>
    /// <returns>Shape (B, N, d).</returns>
    public static Tensor Hidden(Denoiser network, Tensor tokens, IReadOnlyList<KeyValues> context)
    {
        using var scope = NewDisposeScope();
        var isVisible = tokens.IsBelow(network.Classes);
        var embedded = network.Embedding.Lookup(tokens * isVisible) * isVisible.unsqueeze(-1);
        return network.Hidden(embedded, zeros(1, int64, tokens.device), context).MoveToOuterDisposeScope();
    }
}
