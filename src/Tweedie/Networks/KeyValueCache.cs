using static TorchSharp.torch;

namespace Tweedie.Networks;

/// <summary>Keys and values of the tokens that went through one block so far, in memory for whole rows. It belongs to no dispose scope.</summary>
/// <param name="capacity">N, the tokens of a row.</param>
internal sealed class KeyValueCache(long capacity) : IDisposable
{
    private Tensor? _keys;
    private Tensor? _values;

    /// <summary>The number of tokens so far.</summary>
    public long Length { get; private set; }

    /// <summary>Adds tokens, and gives the keys and values of all tokens so far: views that are valid until the next change.</summary>
    /// <param name="keys">Shape (B, heads, tokens, d/heads).</param>
    /// <param name="values">Shape (B, heads, tokens, d/heads).</param>
    public (Tensor Keys, Tensor Values) Add(Tensor keys, Tensor values)
    {
        _keys ??= Room(keys);
        _values ??= Room(values);
        var added = keys.shape[2];
        using (var place = _keys.narrow(2, Length, added))
            place.copy_(keys);
        using (var place = _values.narrow(2, Length, added))
            place.copy_(values);
        Length += added;
        return (_keys.narrow(2, 0, Length), _values.narrow(2, 0, Length));
    }

    /// <summary>Takes the tokens of each row from a row that may be another one.</summary>
    /// <param name="rows">The row that each row continues, shape (B), int64.</param>
    public void Reorder(Tensor rows)
    {
        using var scope = NewDisposeScope();
        foreach (var whole in new[] { _keys, _values })
            if (whole?.narrow(2, 0, Length) is { } used)
                used.copy_(used.index_select(0, rows));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _keys?.Dispose();
        _values?.Dispose();
    }

    private Tensor Room(Tensor like) => empty([like.shape[0], like.shape[1], capacity, like.shape[3]], like.dtype, like.device).DetachFromDisposeScope();
}
