using Tweedie.Text;

namespace Tweedie.Tests.Text.Sources;

/// <summary>Documents that are read in small blocks, whose buffer is used again.</summary>
internal sealed class ChunkedText(int block, params string[] documents) : ITextSource
{
    public string Name => "chunked";

    public string? Stamp => null;

    public IEnumerable<TextChunk> Read(CancellationToken cancellation)
    {
        var buffer = new char[block + 1];
        foreach (var (number, document) in documents.Index())
        {
            for (var start = 0; start < document.Length;)
            {
                var count = Math.Min(block, document.Length - start);
                if (start + count < document.Length && char.IsHighSurrogate(document[start + count - 1]))
                    count++;
                document.CopyTo(start, buffer, 0, count);
                start += count;
                yield return new TextChunk(buffer.AsMemory(0, count), EndsDocument: false, $"document {number + 1}");
            }
            yield return new TextChunk(default, EndsDocument: true, $"document {number + 1}");
        }
    }
}
