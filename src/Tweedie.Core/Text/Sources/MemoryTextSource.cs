namespace Tweedie.Text;

/// <summary>Documents that are in memory.</summary>
/// <param name="name">What the user calls the text.</param>
/// <param name="documents">The documents, in order.</param>
public sealed class MemoryTextSource(string name, params IReadOnlyList<string> documents) : ITextSource
{
    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public string? Stamp => null;

    /// <inheritdoc/>
    public IEnumerable<TextChunk> Read(CancellationToken cancellation = default)
    {
        foreach (var (number, document) in documents.Index())
        {
            cancellation.ThrowIfCancellationRequested();
            yield return new TextChunk(document.AsMemory(), EndsDocument: true, documents.Count == 1 ? name : $"{name}, document {number + 1}");
        }
    }
}
