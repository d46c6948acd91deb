using System.Text.Json;

namespace Tweedie.Text;

/// <summary>Texts in JSON lines: one object per line, of which one field holds a document. Files whose names end in <c>.gz</c> are decompressed. Blank lines are passed over.</summary>
public sealed class JsonLinesSource : ITextSource
{
    private readonly IReadOnlyList<string> _paths;
    private readonly string? _field;

    /// <summary>Names the files, none of which is read yet.</summary>
    /// <param name="name">What the user calls the text.</param>
    /// <param name="paths">The files, in order.</param>
    /// <param name="options">The field that holds the text.</param>
    /// <exception cref="TweedieException">A file does not exist.</exception>
    public JsonLinesSource(string name, IReadOnlyList<string> paths, TextSourceOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(paths);
        (Name, _paths, _field) = (name, paths, options?.Field);
        Stamp = string.Join('\n', [_field ?? "", .. paths.Select(TextBytes.Stamp)]);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public string? Stamp { get; }

    /// <summary>Reads the documents. A field that is null, or an empty text, is an empty document.</summary>
    /// <inheritdoc/>
    public IEnumerable<TextChunk> Read(CancellationToken cancellation = default)
    {
        string? field = null;
        foreach (var path in _paths)
        {
            foreach (var (number, line) in ByteLines.Read(path, cancellation))
            {
                if (line.Span.Trim(" \t"u8).IsEmpty)
                    continue;
                var origin = $"{path}, line {number}";
                yield return new TextChunk(Parse(origin, line, ref field).AsMemory(), EndsDocument: true, origin);
            }
        }
    }

    private string Parse(string origin, ReadOnlyMemory<byte> line, ref string? field)
    {
        using var document = JsonLine.Parse(origin, line);
        field ??= FieldNames.Choose(origin, [.. document.RootElement.EnumerateObject().Where(member => member.Value.ValueKind == JsonValueKind.String).Select(member => member.Name)], _field);
        if (!document.RootElement.TryGetProperty(field, out var value))
            throw new TweedieException($"{origin}: has no field '{OneLine.Of(field)}', which the lines before it have.");
        return value.ValueKind switch
        {
            JsonValueKind.String => JsonLine.Text(origin, value),
            JsonValueKind.Null => "",
            _ => throw new TweedieException($"{origin}: the field '{OneLine.Of(field)}' is {OneLine.Of(value.GetRawText())}, which is no text."),
        };
    }
}
