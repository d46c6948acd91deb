using ParquetSharp;
using Tweedie.Images;

namespace Tweedie.Parquet;

/// <summary>A Parquet file that is open for reading.</summary>
/// <param name="file">The library's reader, which is disposed of with this one.</param>
internal sealed class OpenParquetFile(ParquetFileReader file) : IParquetFile
{
    private const int ValuesPerBatch = 256;

    /// <inheritdoc/>
    public IReadOnlyList<ParquetField> Fields { get; } = [.. Enumerable.Range(0, file.FileMetaData.Schema.NumColumns).Select(number => Described(file.FileMetaData.Schema.Column(number)))];

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Metadata => file.FileMetaData.KeyValueMetadata;

    /// <inheritdoc/>
    public int Groups => file.FileMetaData.NumRowGroups;

    /// <inheritdoc/>
    public long Rows(int group) => Guard(() =>
    {
        using var reader = file.RowGroup(group);
        return reader.MetaData.NumRows;
    });

    /// <inheritdoc/>
    public long UncompressedBytes(int group, int field) => Guard(() =>
    {
        using var reader = file.RowGroup(group);
        using var metadata = reader.MetaData.GetColumnChunkMetaData(field);
        return metadata.TotalUncompressedSize;
    });

    /// <inheritdoc/>
    public IEnumerable<ReadOnlyMemory<byte>?> Bytes(int group, int field)
    {
        var buffer = Array.Empty<byte>();
        return Values<ByteArray, ReadOnlyMemory<byte>>(group, field, value =>
        {
            if (value.Length > buffer.Length)
                buffer = new byte[Math.Max(value.Length, 2L * buffer.Length is var twice && twice <= Array.MaxLength ? (int)twice : value.Length)];
            Span(value).CopyTo(buffer);
            return buffer.AsMemory(0, value.Length);
        });
    }

    /// <inheritdoc/>
    public IEnumerable<long?> WholeNumbers(int group, int field) => Fields[field].Kind == ParquetKind.Int32 ? Values<int, long>(group, field, value => value) : Values<long, long>(group, field, value => value);

    /// <inheritdoc/>
    public IEnumerable<double?> Numbers(int group, int field) => Values<double, double>(group, field, value => value);

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();

    /// <summary>Says what the library finds wrong with a file as an <see cref="InvalidDataException"/>.</summary>
    public static T Guard<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception error) when (error is ParquetException or InvalidOperationException)
        {
            throw new InvalidDataException(error.Message, error);
        }
    }

    // A value is null where it or anything around it is. Of a batch, the memory of values is valid until the next is read.
    private IEnumerable<TValue?> Values<TStored, TValue>(int group, int field, Func<TStored, TValue> convert) where TStored : unmanaged where TValue : struct
    {
        using var row = Guard(() => file.RowGroup(group));
        using var column = Guard(() => row.Column(field));
        if (column is not ColumnReader<TStored> reader || reader.ColumnDescriptor.MaxRepetitionLevel > 0)
            throw new InvalidDataException($"{Fields[field].Name} holds other values, or lists of them");
        var present = reader.ColumnDescriptor.MaxDefinitionLevel;
        var (rows, done) = (row.MetaData.NumRows, 0L);
        var (values, levels) = (new TStored[ValuesPerBatch], new short[ValuesPerBatch]);
        while (done < rows)
        {
            var count = Guard(() => (int)reader.ReadBatch(Math.Min(rows - done, ValuesPerBatch), levels, [], values, out _));
            if (count == 0)
                throw new InvalidDataException($"{Fields[field].Name} ends after {done} of {rows} rows");
            for (var (i, value) = (0, 0); i < count; i++)
                yield return present == 0 || levels[i] == present ? convert(values[value++]) : null;
            done += count;
        }
    }

    private static ParquetField Described(ColumnDescriptor column) => new(column.Path.ToDotString(), column.PhysicalType switch
    {
        PhysicalType.ByteArray => column.LogicalType is StringLogicalType ? ParquetKind.Text : ParquetKind.Bytes,
        PhysicalType.Int32 => ParquetKind.Int32,
        PhysicalType.Int64 => ParquetKind.Int64,
        PhysicalType.Double => ParquetKind.Double,
        _ => ParquetKind.Other,
    }, column.MaxRepetitionLevel > 0);

    private static unsafe ReadOnlySpan<byte> Span(ByteArray value) => new((void*)value.Pointer, value.Length);
}
