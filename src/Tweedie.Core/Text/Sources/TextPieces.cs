namespace Tweedie.Text;

/// <summary>
/// Cuts running text into pieces that can be encoded one by one. Where a text is cut depends on the text alone, and not on the blocks in which it is read.
/// A piece ends before a line break that follows something other than white space, where the words of no tokenizer go on. In a line of more than 16,384
/// characters it ends before the last such white space within them, or after them where there is none.
/// </summary>
public static class TextPieces
{
    private const int LongestPiece = 1 << 14;

    /// <summary>The text in pieces, for building a vocabulary.</summary>
    /// <param name="source">The text.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="TweedieException">The text cannot be read.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static IEnumerable<string> Pieces(this ITextSource source, CancellationToken cancellation = default) =>
        Split(source, cancellation).Select(piece => piece.Text);

    /// <summary>The pieces of all documents in order; a document of no characters has one piece, which is empty.</summary>
    internal static IEnumerable<TextPiece> Split(ITextSource source, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(source);
        var buffer = new char[4 * LongestPiece];
        var (start, end, line) = (0, 0, 1L);
        foreach (var chunk in source.Read(cancellation))
        {
            for (var rest = chunk.Text; !rest.IsEmpty;)
            {
                buffer.AsSpan(start, end - start).CopyTo(buffer);
                (start, end) = (0, end - start);
                var count = Math.Min(rest.Length, buffer.Length - end);
                rest.Span[..count].CopyTo(buffer.AsSpan(end));
                rest = rest[count..];
                end += count;
                while (Cut(buffer.AsSpan(start, end - start)) is > 0 and var length)
                {
                    var text = new string(buffer, start, length);
                    yield return new TextPiece(text, EndsDocument: false, chunk.Origin, line);
                    line += text.AsSpan().Count('\n');
                    start += length;
                }
            }
            if (!chunk.EndsDocument)
                continue;
            yield return new TextPiece(new string(buffer, start, end - start), EndsDocument: true, chunk.Origin, line);
            (start, end, line) = (0, 0, 1L);
        }
    }

    // The length of the first piece; 0 where the text may have to go on first.
    private static int Cut(ReadOnlySpan<char> text)
    {
        var window = text[..Math.Min(text.Length, LongestPiece + 1)];
        var first = window.IndexOfAnyExcept(' ', '\n', '\r') is >= 0 and var word ? word : 0;
        for (var index = first + 1; index < window.Length; index++)
        {
            var next = window[index..].IndexOfAny('\n', '\r');
            if (next < 0)
                break;
            index += next;
            if (IsEnd(window, index))
                return index;
        }
        if (text.Length <= LongestPiece)
            return 0;
        for (var index = LongestPiece; index > 0; index--)
            if (IsEnd(window, index))
                return index;
        return char.IsLowSurrogate(window[LongestPiece]) ? LongestPiece - 1 : LongestPiece;
    }

    private static bool IsEnd(ReadOnlySpan<char> text, int index) => char.IsWhiteSpace(text[index]) && !char.IsWhiteSpace(text[index - 1]);
}
