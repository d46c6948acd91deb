namespace Tweedie.Onnx;

/// <summary>Tells when the sentences of a batch have stopped changing.</summary>
/// <param name="patience">For how many steps they must have stayed the same; 0 never stops.</param>
/// <param name="length">N.</param>
/// <param name="end">The token that ends a sentence: tokens behind the first one do not count. Null counts all tokens.</param>
internal sealed class Stability(int patience, int length, long? end)
{
    private long[]? _before;
    private int _stable;

    /// <summary>Adds a step's tokens; true once the sentences were stable for long enough.</summary>
    public bool IsReachedBy(long[] tokens)
    {
        _stable = _before is not null && AreSame(_before, tokens) ? _stable + 1 : 0;
        _before = tokens;
        return patience > 0 && _stable >= patience;
    }

    private bool AreSame(long[] before, long[] now) => before.Chunk(length).Zip(now.Chunk(length)).All(pair =>
    {
        var counting = Array.FindIndex(pair.First, token => token == end) is >= 0 and var last ? last + 1 : length;
        return pair.First.AsSpan(0, counting).SequenceEqual(pair.Second.AsSpan(0, counting));
    });
}
