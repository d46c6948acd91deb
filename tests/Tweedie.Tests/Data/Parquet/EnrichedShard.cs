using ParquetSharp;
using ParquetSharp.Schema;

namespace Tweedie.Tests.Data;

/// <summary>Writes shards in the layout of ImageNet-1K-VL-Enriched, with the writer that pyarrow uses too.</summary>
internal static class EnrichedShard
{
    public static void Write(string path, IReadOnlyList<EnrichedRow> rows, int groupSize, bool numbered = true, string? huggingFace = null)
    {
        using var properties = new WriterPropertiesBuilder().Compression(Compression.Snappy).Build();
        var metadata = huggingFace is null ? null : new Dictionary<string, string> { ["huggingface"] = huggingFace };
        using var file = new ParquetFileWriter(path, Schema(numbered), properties, metadata);
        foreach (var part in rows.Chunk(groupSize))
        {
            using var group = file.AppendRowGroup();
            Column(group, part, (row, i) => i % 2 == 0 ? $"id{i}" : null);
            Column(group, part, (row, _) => row.HasStruct ? new Nested<byte[]?>(row.Image) : (Nested<byte[]?>?)null);
            Column(group, part, (row, i) => row.HasStruct ? new Nested<string?>($"{i}.jpg") : (Nested<string?>?)null);
            if (numbered)
                Column(group, part, (row, _) => row.Label is null ? (long?)null : long.Parse(row.Label));
            else
                Column(group, part, (row, _) => row.Label);
            Column(group, part, (_, i) => i % 3 == 0 ? null : new Nested<double?[]?>?[] { new([1, 2, 3, 4]), new(null) });
            Column(group, part, (_, i) => i % 3 == 0 ? null : new Nested<string?>?[] { new("dog"), new(null) });
            Column(group, part, (row, _) => row.Caption);
            Column(group, part, (_, _) => (Nested<string?>?[]?)null);
        }

        file.Close();
    }

    private static void Column<T>(RowGroupWriter group, EnrichedRow[] rows, Func<EnrichedRow, int, T> value)
    {
        using var column = group.NextColumn();
        using var writer = column.LogicalWriter<T>();
        writer.WriteBatch([.. rows.Select(value)]);
    }

    private static GroupNode Schema(bool numbered) => new("schema", Repetition.Required,
    [
        Text("image_id"),
        new GroupNode("image", Repetition.Optional, [new PrimitiveNode("bytes", Repetition.Optional, LogicalType.None(), PhysicalType.ByteArray), Text("path")]),
        numbered ? new PrimitiveNode("label", Repetition.Optional, LogicalType.None(), PhysicalType.Int64) : Text("label"),
        List("label_bbox_enriched", new GroupNode("element", Repetition.Optional,
        [
            List("bbox", new PrimitiveNode("element", Repetition.Optional, LogicalType.None(), PhysicalType.Double)),
            Text("label"),
        ])),
        Text("caption_enriched"),
        List("issues", new GroupNode("element", Repetition.Optional, [Text("issue_type")])),
    ]);

    private static PrimitiveNode Text(string name) => new(name, Repetition.Optional, LogicalType.String(), PhysicalType.ByteArray);

    private static GroupNode List(string name, Node element) =>
        new(name, Repetition.Optional, [new GroupNode("list", Repetition.Repeated, [element])], LogicalType.List());
}
