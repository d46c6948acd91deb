namespace Tweedie.Onnx;

/// <summary>What is known of rows before they are sampled: tokens that stay as they are, and which entries each place may have.</summary>
/// <param name="Tokens">The known tokens, 0 elsewhere: B rows of N, one after the other.</param>
/// <param name="Known">Where they are known.</param>
/// <param name="Allowed">Which entries each place may have: N rows of K; null allows all.</param>
internal sealed record KnownRows(long[] Tokens, bool[] Known, bool[]? Allowed = null)
{
    private const float Forbidden = 1e4f; // far more than scores differ, and far less than float32 holds

    /// <summary>The known tokens of some rows.</summary>
    public KnownRows Rows(int first, int count, int length) => this with
    {
        Tokens = Tokens[(first * length)..((first + count) * length)],
        Known = Known[(first * length)..((first + count) * length)],
    };

    /// <summary>The same rows for several trajectories of each item, side by side.</summary>
    public KnownRows Repeated(int draws, int length) => draws == 1 ? this : this with { Tokens = Repeated(Tokens, draws, length), Known = Repeated(Known, draws, length) };

    /// <summary>Takes what is forbidden from scores: those of all other entries at known places, and of those that a place may not have.</summary>
    /// <param name="bias">Shape (B, N, K).</param>
    /// <param name="length">N.</param>
    /// <param name="classes">K.</param>
    public void AddTo(float[] bias, int length, int classes)
    {
        for (var token = 0; token < Tokens.Length; token++)
            for (var entry = 0; entry < classes; entry++)
            {
                if (Known[token] && entry != Tokens[token])
                    bias[token * classes + entry] -= Forbidden;
                if (Allowed is not null && !Allowed[token % length * classes + entry])
                    bias[token * classes + entry] -= Forbidden;
            }
    }

    private static T[] Repeated<T>(T[] rows, int draws, int length) => [.. rows.Chunk(length).SelectMany(row => Enumerable.Repeat(row, draws).SelectMany(copy => copy))];
}
