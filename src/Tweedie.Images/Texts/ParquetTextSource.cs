using System.Text;
using Tweedie.Text;

namespace Tweedie.Images;

/// <summary>The texts of a column of Parquet files; each row is a document. A null is an empty document. Memory holds a few hundred rows.</summary>
public sealed class ParquetTextSource : ITextSource
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly IReadOnlyList<string> _paths;
    private readonly string? _column;

    /// <summary>Names the files, none of which is read yet.</summary>
    /// <param name="name">What the user calls the text.</param>
    /// <param name="paths">The files, in order.</param>
    /// <param name="options">The column that holds the text.</param>
    /// <exception cref="TweedieException">A file does not exist.</exception>
    public ParquetTextSource(string name, IReadOnlyList<string> paths, TextSourceOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(paths);
        (Name, _paths, _column) = (name, paths, options?.Field);
        Stamp = string.Join('\n', [_column ?? "", .. paths.Select(StampOf)]);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public string? Stamp { get; }

    /// <inheritdoc/>
    public IEnumerable<TextChunk> Read(CancellationToken cancellation = default)
    {
        foreach (var path in _paths)
        {
            using var file = ParquetReading.Open(path);
            var field = FindField(path, file);
            var row = 0L;
            for (var group = 0; group < file.Groups; group++)
            {
                using var texts = file.Bytes(group, field).GetEnumerator();
                while (ParquetReading.Guard(path, texts.MoveNext))
                {
                    cancellation.ThrowIfCancellationRequested();
                    yield return new TextChunk(texts.Current is { } text ? Text(path, row, text.Span).AsMemory() : default, EndsDocument: true, $"{path}, row {row++}");
                }
            }
        }
    }

    private int FindField(string path, IParquetFile file)
    {
        var fields = file.Fields.Index().Where(field => field.Item is { Kind: ParquetKind.Text or ParquetKind.Bytes, IsList: false }).ToArray();
        var chosen = FieldNames.Choose(path, [.. fields.Select(field => field.Item.Name)], _column);
        return fields.First(field => field.Item.Name == chosen).Index;
    }

    private static string Text(string path, long row, ReadOnlySpan<byte> utf8)
    {
        try
        {
            return StrictUtf8.GetString(utf8);
        }
        catch (DecoderFallbackException error)
        {
            throw new TweedieException($"{path}, row {row}: has a text that is not UTF-8; write the file again.", error);
        }
    }

    private static string StampOf(string path) => ParquetReading.Guard(path, () =>
    {
        var file = new FileInfo(path);
        return FormattableString.Invariant($"{file.FullName}|{file.Length}|{file.LastWriteTimeUtc.Ticks}");
    });
}
