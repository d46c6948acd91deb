using static TorchSharp.torch;

namespace Tweedie.Diffusion;

/// <summary>Tells when the sentences of a batch have stopped changing.</summary>
/// <param name="patience">For how many steps they must have stayed the same; 0 never asks.</param>
/// <param name="end">The token that ends a sentence: what stands behind its first one does not count. Null counts all tokens.</param>
internal sealed class Stability(int patience, long? end) : IDisposable
{
    private Tensor? _before;
    private int _stable;

    /// <summary>Adds a step; true once the sentences were stable for long enough.</summary>
    public bool IsReachedBy(Choice choice)
    {
        if (patience == 0)
            return false;
        _stable = _before is not null && AreSame(_before, choice.Tokens) ? _stable + 1 : 0;
        _before?.Dispose();
        _before = Unscoped.Compute(choice.Tokens.clone);
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
            changed = changed.logical_and(ends.cumsum(1) == ends); // up to and with the first end
        }
        return !changed.any().item<bool>();
    }
}
