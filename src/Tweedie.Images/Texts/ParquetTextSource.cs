using System.Text;
using ParquetSharp;
using Tweedie.Text;

namespace Tweedie.Images;

/// <summary>The texts of a column of Parquet files; each row is a document. A null is an empty document. Memory holds a few hundred rows.</summary>
public sealed class ParquetTextSource : ITextSource
{
    private const int RowsPerBatch = 256;

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
            using var file = Guard(path, () => new ParquetFileReader(path));
            var column = Guard(path, () => FindColumn(path, file.FileMetaData.Schema));
            var row = 0L;
            for (var group = 0; group < file.FileMetaData.NumRowGroups; group++)
            {
                using var reader = file.RowGroup(group);
                using var texts = Guard(path, () => (ColumnReader<ByteArray>)reader.Column(column));
                for (var rest = reader.MetaData.NumRows; rest > 0;)
                {
                    cancellation.ThrowIfCancellationRequested();
                    var batch = ReadBatch(path, row, texts, (int)Math.Min(rest, RowsPerBatch));
                    foreach (var text in batch)
                        yield return new TextChunk(text.AsMemory(), EndsDocument: true, $"{path}, row {row++}");
                    rest -= batch.Length;
                }
            }
        }
    }

    private int FindColumn(string path, SchemaDescriptor schema)
    {
        var columns = Enumerable.Range(0, schema.NumColumns).Select(number => (Number: number, Column: schema.Column(number)))
            .Where(leaf => leaf.Column is { PhysicalType: PhysicalType.ByteArray, MaxRepetitionLevel: 0 })
            .Select(leaf => (leaf.Number, Name: leaf.Column.Path.ToDotString())).ToArray();
        var chosen = FieldNames.Choose(path, [.. columns.Select(column => column.Name)], _column);
        return columns.First(column => column.Name == chosen).Number;
    }

    private static string[] ReadBatch(string path, long firstRow, ColumnReader<ByteArray> reader, int count) => Guard(path, () =>
    {
        var (values, levels) = (new ByteArray[count], new short[count]);
        var read = (int)reader.ReadBatch(count, levels, [], values, out _);
        if (read == 0)
            throw new InvalidDataException($"its column ends before row {firstRow}");
        var (texts, value, present) = (new string[read], 0, reader.ColumnDescriptor.MaxDefinitionLevel);
        for (var row = 0; row < read; row++)
            texts[row] = present == 0 || levels[row] == present ? Text(path, firstRow + row, values[value++]) : "";
        return texts;
    });

    private static unsafe string Text(string path, long row, ByteArray value)
    {
        try
        {
            return StrictUtf8.GetString(new ReadOnlySpan<byte>((void*)value.Pointer, value.Length));
        }
        catch (DecoderFallbackException error)
        {
            throw new TweedieException($"{path}, row {row}: has a text that is not UTF-8; write the file again.", error);
        }
    }

    private static string StampOf(string path) => Guard(path, () =>
    {
        var file = new FileInfo(path);
        return FormattableString.Invariant($"{file.FullName}|{file.Length}|{file.LastWriteTimeUtc.Ticks}");
    });

    private static T Guard<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception error) when (error is ParquetException or InvalidDataException or InvalidOperationException)
        {
            throw new TweedieException($"'{path}' cannot be read as Parquet: {ForeignContent.Describe(path) ?? OneLine.Of(error.Message)}", error);
        }
        catch (Exception error) when (error.IsFileError())
        {
            throw FileErrors.CannotRead(path, error);
        }
    }
}
