using System.Text.Json;
using ParquetSharp;
using ParquetSharp.Schema;

namespace Tweedie.Tests.Data;

/// <summary>Writes a shard of images and labels whose columns have any names.</summary>
internal static class SmallShard
{
    /// <summary>Writes one row group.</summary>
    /// <param name="path">The file.</param>
    /// <param name="image">The name of the images' column.</param>
    /// <param name="isStruct">Whether it is a struct of bytes and path, as Hugging Face's, or bytes alone.</param>
    /// <param name="columns">The other columns by name: values of type <see cref="string"/>, <see cref="int"/> or <see cref="double"/>, or null.</param>
    /// <param name="huggingFace">The names of a numbered column, if any.</param>
    public static void Write(string path, string image, bool isStruct, IReadOnlyList<(string Name, object?[] Values)> columns, (string Column, string[] Names)? huggingFace = null)
    {
        var rows = columns[0].Values.Length;
        var bytes = new PrimitiveNode(isStruct ? "bytes" : image, Repetition.Optional, LogicalType.None(), PhysicalType.ByteArray);
        Node first = isStruct ? new GroupNode(image, Repetition.Optional, [bytes, Text("path")]) : bytes;
        using var schema = new GroupNode("schema", Repetition.Required, [first, .. columns.Select(column => Node(column.Name, column.Values))]);
        using var properties = new WriterPropertiesBuilder().Build();
        var metadata = huggingFace is var (column, names)
            ? new Dictionary<string, string> { ["huggingface"] = Describe(column, names) }
            : null;
        using var file = new ParquetFileWriter(path, schema, properties, metadata);
        using (var group = file.AppendRowGroup())
        {
            byte[][] files = [.. Enumerable.Range(0, rows).Select(row => Encoded.Image(Encoded.Plain(8, 8, (byte)row, 0, 0), ".png"))];
            if (isStruct)
            {
                Write(group, files.Select(file => (Nested<byte[]?>?)new Nested<byte[]?>(file)));
                Write(group, files.Select((_, row) => (Nested<string?>?)new Nested<string?>($"{row}.png")));
            }
            else
                Write<byte[]?>(group, files);
            foreach (var (_, values) in columns)
            {
                if (values.Any(value => value is string))
                    Write(group, values.Select(value => (string?)value));
                else if (values.Any(value => value is double))
                    Write(group, values.Select(value => (double?)value));
                else
                    Write(group, values.Select(value => (int?)value));
            }
        }

        file.Close();
    }

    private static string Describe(string column, string[] names) => JsonSerializer.Serialize(
        new { info = new { features = new Dictionary<string, object> { [column] = new { names, _type = "ClassLabel" } } } });

    private static PrimitiveNode Node(string name, object?[] values) => values.Any(value => value is string) ? Text(name)
        : new PrimitiveNode(name, Repetition.Optional, LogicalType.None(), values.Any(value => value is double) ? PhysicalType.Double : PhysicalType.Int32);

    private static PrimitiveNode Text(string name) => new(name, Repetition.Optional, LogicalType.String(), PhysicalType.ByteArray);

    private static void Write<T>(RowGroupWriter group, IEnumerable<T> values)
    {
        using var column = group.NextColumn();
        using var writer = column.LogicalWriter<T>();
        writer.WriteBatch([.. values]);
    }
}
