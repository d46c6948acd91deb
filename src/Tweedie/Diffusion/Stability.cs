using static TorchSharp.torch;

namespace Tweedie.Diffusion;

/// <summary>Tells when the sentences of a batch have stopped changing.</summary>
/// <param name="patience">For how many steps they must have stayed the same.</param>
/// <param name="end">The token that ends a sentence: tokens behind the first one do not count. Null counts all tokens.</param>
internal sealed class Stability(int patience, long? end) : IDisposable
{
    private Tensor? _before;
    private int _stable;

    /// <summary>Adds a step's tokens, shape (B, N); true once the sentences were stable for long enough.</summary>
    public bool IsReachedBy(Tensor tokens)
    {
        _stable = _before is not null && AreSame(_before, tokens) ? _stable + 1 : 0;
        _before?.Dispose();
        _before = Unscoped.Compute(tokens.clone);
        return _stable >= patience;
    }

    /// <inheritdoc/>
    public void Dispose() => _before?.Dispose();

    private bool AreSame(Tensor before, Tensor tokens)
    {
        using var scope = NewDisposeScope();
        var changed = tokens != before;
        if (end is { } last)
        {
            var ends = before.Is(last).to(int64);
            changed = changed.logical_and(ends.cumsum(1) == ends); // up to and including the first end
        }
        return !changed.any().item<bool>();
    }
}
