namespace Tweedie.Text;

/// <summary>A part of a document, as a source happens to read it. It may be empty, and does not end inside a surrogate pair.</summary>
/// <param name="Text">The text, which is valid until the next part is read.</param>
/// <param name="EndsDocument">Whether the document ends here.</param>
/// <param name="Origin">Where the document comes from, for messages: a file, or a file and a line or row.</param>
public readonly record struct TextChunk(ReadOnlyMemory<char> Text, bool EndsDocument, string Origin);
