using System.Text.Json;
using ParquetSharp;

namespace Tweedie.Images;

/// <summary>
/// One file of a data set in Parquet, in the layout of Hugging Face's image data sets: <c>image.bytes</c>, <c>label</c> (a number or a
/// name) and, where it has them, <c>caption_enriched</c>. Any field may be null. No file is held open between calls.
/// </summary>
internal sealed class ParquetShard
{
    private const string Image = "image.bytes";
    private const string Label = "label";
    private const string Caption = "caption_enriched";

    private readonly Dictionary<string, int> _columns = [];

    /// <summary>Reads the file's footer.</summary>
    /// <exception cref="TweedieException">The file cannot be read or has no images.</exception>
    public ParquetShard(string path)
    {
        Path = path;
        (RowCounts, ClassNames) = Open(file =>
        {
            var metadata = file.FileMetaData;
            for (var column = 0; column < metadata.NumColumns; column++)
                _columns[metadata.Schema.Column(column).Path.ToDotString()] = column;

            if (!_columns.ContainsKey(Image))
                throw new InvalidDataException($"it has no column {Image}; it has {string.Join(", ", _columns.Keys)}");
            var names = metadata.KeyValueMetadata.TryGetValue("huggingface", out var json) ? ParseNames(json) : null;
            int[] rows = [.. Enumerable.Range(0, metadata.NumRowGroups).Select(group => Rows(file, group))];
            return ((IReadOnlyList<int>)rows, (IReadOnlyList<string>?)names);
        });
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Rows of each row group.</summary>
    public IReadOnlyList<int> RowCounts { get; }

    /// <summary>The names of numbered labels, if the file has them.</summary>
    public IReadOnlyList<string>? ClassNames { get; }

    /// <summary>The image files of a row group.</summary>
    public ParquetImages ReadImages(int group) => Open(file =>
    {
        var rows = Rows(file, group);
        using var groupReader = file.RowGroup(group);
        using var column = groupReader.Column(_columns[Image]);
        using var metadata = groupReader.MetaData.GetColumnChunkMetaData(_columns[Image]);
        var size = Math.Clamp(metadata.TotalUncompressedSize, 0, new FileInfo(Path).Length); // the file may claim any size; the array grows if needed
        var (bytes, ends) = (new byte[size], new int[rows]);
        var end = 0;
        Read<ByteArray>(column, rows, (row, value) =>
        {
            if (value is { } encoded)
            {
                var file = Span(encoded);
                if (end + file.Length > bytes.Length) // values of a dictionary may come several times
                    Array.Resize(ref bytes, 2 * (end + file.Length));
                file.CopyTo(bytes.AsSpan(end));
                end += file.Length;
            }

            ends[row] = end;
        });
        return new ParquetImages(bytes, ends);
    });

    /// <summary>The captions of a row group; null where a row has none.</summary>
    public string?[] ReadCaptions(int group) => Open(file => ReadText(file, group, Caption));

    /// <summary>The labels of all rows: numbers as text, or names; null where a row has none.</summary>
    public string?[] ReadLabels() => Open(file => Enumerable.Range(0, RowCounts.Count).SelectMany(group => ReadText(file, group, Label)).ToArray());

    private string?[] ReadText(ParquetFileReader file, int group, string name)
    {
        var text = new string?[Rows(file, group)];
        if (!_columns.TryGetValue(name, out var number))
            return text;
        using var groupReader = file.RowGroup(group);
        using var column = groupReader.Column(number);
        switch (column)
        {
            case ColumnReader<ByteArray>:
                Read<ByteArray>(column, text.Length, (row, value) => text[row] = value is { } bytes ? System.Text.Encoding.UTF8.GetString(Span(bytes)) : null);
                break;
            case ColumnReader<int>:
                Read<int>(column, text.Length, (row, value) => text[row] = value?.ToString());
                break;
            case ColumnReader<long>:
                Read<long>(column, text.Length, (row, value) => text[row] = value?.ToString());
                break;
            default:
                throw new InvalidDataException($"{name} holds neither text nor whole numbers");
        }

        return text;
    }

    private T Open<T>(Func<ParquetFileReader, T> read)
    {
        try
        {
            using var file = new ParquetFileReader(Path);
            return read(file);
        }
        catch (Exception error) when (error is ParquetException or InvalidDataException or JsonException or InvalidOperationException || error.IsFileError())
        {
            throw new TweedieException($"'{Path}' cannot be read as Parquet: {OneLine.Of(error.Message)}", error, error.IsFileError() ? FaultKind.Storage : FaultKind.Input);
        }
    }

    private static void Read<T>(ColumnReader column, int rows, Action<int, T?> visit)
        where T : unmanaged =>
        ParquetColumn.Read(column as ColumnReader<T> ?? throw new InvalidDataException($"{Image} holds no bytes"), rows, visit);

    // A row of images takes far more than a byte, so a file cannot have more rows than bytes; such a claim must not take memory.
    private int Rows(ParquetFileReader file, int group)
    {
        using var reader = file.RowGroup(group);
        var (rows, bytes) = (reader.MetaData.NumRows, Math.Min(new FileInfo(Path).Length, int.MaxValue));
        return rows >= 0 && rows <= bytes ? (int)rows : throw new InvalidDataException($"row group {group} claims {rows} rows in a file of {bytes} bytes");
    }

    private static unsafe ReadOnlySpan<byte> Span(ByteArray value) => new((void*)value.Pointer, value.Length);

    /// <summary>Hugging Face's description of the columns: <c>info.features.label.names</c>.</summary>
    private static string[]? ParseNames(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.TryGetProperty("info", out var info) && info.TryGetProperty("features", out var features)
            && features.TryGetProperty(Label, out var label) && label.TryGetProperty("names", out var names)
            ? [.. names.EnumerateArray().Select(name => name.GetString() ?? "")]
            : null;
    }
}
