namespace Tweedie.Tokens;

/// <summary>Parts and orders of rows.</summary>
public static class TokenRowParts
{
    /// <summary>Holds the last rows out: of C rows, the first ⌊C · (1 − share)⌋ are the training part.</summary>
    /// <param name="source">The rows.</param>
    /// <param name="share">The share that is held out, above 0 and below 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The share is out of range.</exception>
    /// <exception cref="TweedieException">There are so few rows that a part would be empty.</exception>
    public static (ITokenRowSource Train, ITokenRowSource Held) HoldOut(this ITokenRowSource source, double share)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(share);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(share, 1);
        var border = (int)(source.Count * (1 - share));
        if (border == 0 || border == source.Count)
            throw new TweedieException(FormattableString.Invariant($"{source.Name}: has {source.Count} rows, so that a share of {share} held out leaves one part empty; give more rows or another share."));
        return (new Part(source, "training part", 0, border), new Part(source, "held-out part", border, source.Count - border));
    }

    /// <summary>The rows in an order drawn anew for each epoch, each row once. The order is a pure function of the seed and the epoch, and takes no memory.</summary>
    /// <param name="source">The rows.</param>
    /// <param name="seed">The run's seed.</param>
    public static ITokenRowSource Shuffled(this ITokenRowSource source, long seed)
    {
        ArgumentNullException.ThrowIfNull(source);
        return new Permuted(source, seed);
    }

    private sealed class Part(ITokenRowSource source, string name, int start, int count) : View(source, count)
    {
        public override string Name => $"{Source.Name} ({name})";

        protected override int RowOf(long epoch, int index) => start + index;
    }

    private sealed class Permuted(ITokenRowSource source, long seed) : View(source, source.Count)
    {
        protected override int RowOf(long epoch, int index) => RandomPermutation.Of(index, Count, Seeds.Derive(seed, SeedPurpose.Shuffle, epoch));
    }

    private abstract class View(ITokenRowSource source, int count) : ITokenRowSource
    {
        public virtual string Name => Source.Name;

        public int Count => count;

        public int Length => Source.Length;

        public int VocabularySize => Source.VocabularySize;

        public bool HasKnown => Source.HasKnown;

        public IReadOnlyList<string> Warnings => Source.Warnings;

        protected ITokenRowSource Source => source;

        public void Read(long epoch, int index, Span<long> tokens, Span<bool> known)
        {
            RowArguments.Check(this, epoch, index, tokens, known);
            Source.Read(epoch, RowOf(epoch, index), tokens, known);
        }

        protected abstract int RowOf(long epoch, int index);
    }
}
