using static TorchSharp.torch;

namespace Tweedie.Diffusion;

/// <summary>
/// Embeds the states of one run after the other, and keeps the last one with its embedding. Where the network sees a mean over all entries, a token whose state
/// and level are those of the time before, such as a committed one, is not embedded again.
/// </summary>
/// <param name="space">The space of the states.</param>
internal sealed class EmbeddingMemory(ITokenSpace space) : IDisposable
{
    private Embedding? _last;

    /// <summary>All that the network sees of a state: shape (B, N, d).</summary>
    /// <param name="state">The state.</param>
    /// <param name="alphaBar">Its level, float64; broadcasts to (B, N).</param>
    public Tensor Embed(Tensor state, Tensor alphaBar)
    {
        if (space is not GaussianSpace { EmbedsByEntries: true } gaussian)
            return space.Embed(state, alphaBar);
        using var noGrad = no_grad();
        using var last = Interlocked.Exchange(ref _last, null); // two runs at once must not share it
        var embedded = last is not null && last.State.shape.SequenceEqual(state.shape) ? Continue(gaussian, last, state, alphaBar) : space.Embed(state, alphaBar);
        var now = new Embedding(state.alias().DetachFromDisposeScope(), alphaBar.alias().DetachFromDisposeScope(), embedded.alias().DetachFromDisposeScope());
        Interlocked.Exchange(ref _last, now)?.Dispose();
        return embedded;
    }

    /// <inheritdoc/>
    public void Dispose() => _last?.Dispose();

    private static Tensor Continue(GaussianSpace space, Embedding last, Tensor state, Tensor alphaBar)
    {
        using var scope = NewDisposeScope();
        var changed = (state != last.State).any(-1).logical_or(alphaBar != last.AlphaBar);
        if (changed.all().item<bool>())
            return space.Embed(state, alphaBar).MoveToOuterDisposeScope();
        if (!changed.any().item<bool>())
            return last.Embedded.alias().MoveToOuterDisposeScope();
        return last.Embedded.masked_scatter(changed.unsqueeze(-1), space.EmbedAt(state, alphaBar, changed)).MoveToOuterDisposeScope();
    }

    private sealed record Embedding(Tensor State, Tensor AlphaBar, Tensor Embedded) : IDisposable
    {
        public void Dispose()
        {
            State.Dispose();
            AlphaBar.Dispose();
            Embedded.Dispose();
        }
    }
}
