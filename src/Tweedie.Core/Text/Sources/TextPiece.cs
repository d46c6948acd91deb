namespace Tweedie.Text;

/// <summary>A piece of a document that is encoded by itself.</summary>
/// <param name="Text">The text.</param>
/// <param name="EndsDocument">Whether the document ends here.</param>
/// <param name="Origin">Where the document comes from.</param>
/// <param name="Line">The line of the document in which the piece begins, from 1.</param>
internal readonly record struct TextPiece(string Text, bool EndsDocument, string Origin, long Line)
{
    /// <summary>The line of the first character that is no line break.</summary>
    public long FirstLine => Line + Text.AsSpan(0, Text.AsSpan().IndexOfAnyExcept('\r', '\n') is >= 0 and var first ? first : 0).Count('\n');
}
