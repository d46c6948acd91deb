namespace Tweedie.Text;

/// <summary>Holds the end of a text out for choosing and reporting.</summary>
public static class TextHoldout
{
    /// <summary>
    /// Splits a text by position: of C characters (code points), the first ⌊C · (1 − share)⌋ are the training part and the others are held out. A document in which
    /// the border lies is cut there. Reads the text once to count its characters.
    /// </summary>
    /// <param name="source">The text.</param>
    /// <param name="share">The share that is held out, above 0 and below 1.</param>
    /// <param name="cancellation">Ends the counting.</param>
    /// <exception cref="ArgumentOutOfRangeException">The share is out of range.</exception>
    /// <exception cref="TweedieException">The text cannot be read, or is too short, so that a part would be empty.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static (ITextSource Train, ITextSource Held) Split(ITextSource source, double share, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(share);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(share, 1);
        var count = source.Read(cancellation).Sum(chunk => CodePoints.Count(chunk.Text.Span));
        var border = (long)(count * (1 - share));
        if (border == 0 || border == count)
            throw new TweedieException(FormattableString.Invariant($"{source.Name}: has {count} characters, so that a share of {share} held out leaves one part empty; give a longer text or another share."));
        return (new Part(source, "training part", 0, border), new Part(source, "held-out part", border, count));
    }

    /// <summary>The characters of a source from one position up to another.</summary>
    private sealed class Part(ITextSource source, string name, long start, long end) : ITextSource
    {
        public string Name => $"{source.Name} ({name})";

        public string? Stamp => source.Stamp is { } stamp ? FormattableString.Invariant($"{stamp}\n{start}-{end}") : null;

        public IReadOnlyList<string> Warnings => source.Warnings;

        public IEnumerable<TextChunk> Read(CancellationToken cancellation)
        {
            var position = 0L;
            foreach (var chunk in source.Read(cancellation))
            {
                var count = CodePoints.Count(chunk.Text.Span);
                var (from, to) = (Math.Clamp(start - position, 0, count), Math.Clamp(end - position, 0, count));
                position += count;
                // An empty chunk at the beginning ends a document of the part before.
                if (to > from || (count == 0 && position > start))
                    yield return chunk with { Text = Slice(chunk.Text, from, to, count), EndsDocument = chunk.EndsDocument || position >= end };
                if (position >= end)
                    yield break;
            }
        }

        private static ReadOnlyMemory<char> Slice(ReadOnlyMemory<char> text, long from, long to, long count) =>
            from == 0 && to == count ? text : text[CodePoints.IndexOf(text.Span, from)..CodePoints.IndexOf(text.Span, to)];
    }
}
