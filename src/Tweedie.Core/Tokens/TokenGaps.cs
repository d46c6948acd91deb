namespace Tweedie.Tokens;

/// <summary>Rows as problems to fill in: in each, all tokens are known but a gap in the middle.</summary>
public static class TokenGaps
{
    /// <summary>The rows with a gap.</summary>
    /// <param name="source">The rows.</param>
    /// <param name="gap">The tokens of the gap, 1 to one less than a row has. With an odd number of known tokens, one more stands before the gap than behind it.</param>
    /// <exception cref="ArgumentOutOfRangeException">The gap is too short or too long.</exception>
    public static ITokenRowSource WithGap(this ITokenRowSource source, int gap)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentOutOfRangeException.ThrowIfLessThan(gap, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(gap, source.Length);
        return new Gapped(source, gap);
    }

    private sealed class Gapped(ITokenRowSource source, int gap) : ITokenRowSource
    {
        public string Name => source.Name;

        public int Count => source.Count;

        public int Length => source.Length;

        public int VocabularySize => source.VocabularySize;

        public bool HasKnown => true;

        public IReadOnlyList<string> Warnings => source.Warnings;

        public void Read(long epoch, int index, Span<long> tokens, Span<bool> known)
        {
            source.Read(epoch, index, tokens, known);
            known.Fill(true);
            known.Slice((Length - gap + 1) / 2, gap).Clear();
        }
    }
}
