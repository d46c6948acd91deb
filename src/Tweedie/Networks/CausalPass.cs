using Tweedie.Diffusion;
using static TorchSharp.torch;

namespace Tweedie.Networks;

/// <summary>
/// A causal head that goes through rows token by token: the keys and values of earlier tokens are kept, so that a step computes one token. Under guidance the
/// rows have a past with their condition and one with the null condition.
/// </summary>
/// <param name="network">The head; its weights must not change meanwhile.</param>
/// <param name="condition">The condition of B items; the caller disposes of it.</param>
/// <param name="space">The space of the rows.</param>
/// <param name="rows">Rows of each item, side by side.</param>
internal sealed class CausalPass(Denoiser network, PreparedCondition condition, ITokenSpace space, int rows) : ICausalPass
{
    private readonly Dictionary<object, KeyValueCache[]> _pasts = new(ReferenceEqualityComparer.Instance);
    private readonly Tensor _places = Unscoped.Compute(network.Places);
    private readonly Tensor _level = Unscoped.Compute(() => ones([1, 1], float64, condition.Device)); // nothing is corrupted

    /// <inheritdoc/>
    public long Rows { get; } = condition.Items * rows;

    /// <inheritdoc/>
    public Logits Next(Tensor tokens, int position, double guidance)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        return network.Project(condition.GuideInTurn(context => Hidden(tokens, position, context), guidance).MoveToOuterDisposeScope());
    }

    /// <inheritdoc/>
    public void Reorder(Tensor rows)
    {
        using var noGrad = no_grad();
        foreach (var cache in _pasts.Values.SelectMany(past => past))
            cache.Reorder(rows);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _places.Dispose();
        _level.Dispose();
        foreach (var cache in _pasts.Values.SelectMany(past => past))
            cache.Dispose();
    }

    // The hidden state of the position alone, after all tokens that this condition has not seen yet. That is one token, unless guidance begins late.
    private Tensor Hidden(Tensor tokens, int position, IReadOnlyList<KeyValues> context)
    {
        using var scope = NewDisposeScope();
        if (!_pasts.TryGetValue(context, out var past))
            _pasts[context] = past = [.. context.Select(_ => new KeyValueCache(network.Tokens))];
        var (seen, count) = (past[0].Length, position + 1 - past[0].Length);
        var before = Math.Min(seen, 1); // a space embeds a token by the one before it
        var embedded = space.Embed(tokens.narrow(1, seen - before, count + before), _level).narrow(1, before, count).to(_places.dtype);
        return network.Continue(embedded.Plus(_places.narrow(1, seen, count)), context, past).narrow(1, count - 1, 1).MoveToOuterDisposeScope();
    }
}
