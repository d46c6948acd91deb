namespace Tweedie.Tokens;

/// <summary>
/// Windows of a text: rows of N tokens that follow each other. A window may begin anywhere, also in the middle of a word, and may reach over the
/// border between two documents, where the end token stands.
/// </summary>
public static class TokenWindows
{
    /// <summary>
    /// Windows for training, drawn anew in each epoch: each begins at a position that is uniform over the text, and is a pure function of the seed, the epoch and
    /// the window's number. The two ends of the text are therefore drawn less often than the rest.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="length">The number of tokens per window, at least 1.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="count">The number of windows in an epoch; by default as many as fit into the text side by side.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is not positive.</exception>
    /// <exception cref="TweedieException">The text is shorter than a window.</exception>
    public static ITokenRowSource Random(EncodedText text, int length, long seed, int? count = null)
    {
        var fitting = Fitting(text, length);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count ?? fitting, nameof(count));
        var starts = text.Length - length + 1;
        return new Windows(text, length, count ?? fitting, [],
            (epoch, index) => (long)Math.BigMul(new SampleRandom(Seeds.Derive(seed, SeedPurpose.Shuffle, epoch, index)).NextUInt64(), (ulong)starts, out _));
    }

    /// <summary>Windows for measuring: side by side from the beginning of the text, and the same in each epoch. What remains at the end of the text is in no window.</summary>
    /// <param name="text">The text.</param>
    /// <param name="length">The number of tokens per window, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The length is not positive.</exception>
    /// <exception cref="TweedieException">The text is shorter than a window.</exception>
    public static ITokenRowSource Consecutive(EncodedText text, int length)
    {
        var fitting = Fitting(text, length);
        var rest = text.Length - (long)fitting * length;
        return new Windows(text, length, fitting,
            rest == 0 ? [] : [FormattableString.Invariant($"{text.Name}: the last {rest} of {text.Length} tokens are no whole window of {length} and are left out.")],
            (_, index) => (long)index * length);
    }

    private static int Fitting(EncodedText text, int length)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        return text.Length >= length ? (int)Math.Min(text.Length / length, int.MaxValue) : throw new TweedieException(
            FormattableString.Invariant($"{text.Name}: has {text.Length} tokens, fewer than a window of {length}; give a longer text, or a model of shorter rows."));
    }

    private sealed class Windows(EncodedText text, int length, int count, IReadOnlyList<string> warnings, Func<long, int, long> start) : ITokenRowSource
    {
        public string Name => text.Name;

        public int Count => count;

        public int Length => length;

        public int VocabularySize => text.VocabularySize;

        public IReadOnlyList<string> Warnings => [.. text.Warnings, .. warnings];

        public void Read(long epoch, int index, Span<long> tokens, Span<bool> known)
        {
            RowArguments.Check(this, epoch, index, tokens, known);
            text.Read(start(epoch, index), tokens);
            known.Clear();
        }
    }
}
