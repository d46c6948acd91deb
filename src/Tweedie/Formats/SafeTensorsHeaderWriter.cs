using System.Buffers.Binary;
using System.Text.Encodings.Web;
using System.Text.Json;
using static TorchSharp.torch;

namespace Tweedie.Formats;

/// <summary>Writes the header of a safetensors file.</summary>
internal static class SafeTensorsHeaderWriter
{
    private const int Alignment = 8;

    /// <summary>The header of tensors that follow it in this order: its length, its JSON, and spaces up to a multiple of 8 bytes.</summary>
    /// <exception cref="ArgumentException">A name is given twice or reserved, or safetensors has no such element type.</exception>
    public static byte[] Write(IEnumerable<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        using var header = new MemoryStream();
        header.Write(new byte[sizeof(long)]);
        using (var json = new Utf8JsonWriter(header, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            if (metadata is not null)
                WriteMetadata(json, metadata);
            WriteTensors(json, tensors);
            json.WriteEndObject();
        }
        while (header.Length % Alignment != 0)
            header.WriteByte((byte)' ');

        var bytes = header.ToArray();
        BinaryPrimitives.WriteInt64LittleEndian(bytes, bytes.Length - sizeof(long));
        return bytes;
    }

    private static void WriteMetadata(Utf8JsonWriter json, IReadOnlyDictionary<string, string> metadata)
    {
        json.WriteStartObject(SafeTensorsJson.MetadataKey);
        foreach (var (key, value) in metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            json.WriteString(key, value);
        json.WriteEndObject();
    }

    private static void WriteTensors(Utf8JsonWriter json, IEnumerable<KeyValuePair<string, Tensor>> tensors)
    {
        var names = new HashSet<string>(StringComparer.Ordinal) { SafeTensorsJson.MetadataKey };
        var offset = 0L;
        foreach (var (name, tensor) in tensors)
        {
            if (!names.Add(name))
                throw new ArgumentException($"The tensor name '{name}' is given twice or reserved.", nameof(tensors));
            json.WriteStartObject(name);
            json.WriteString("dtype", SafeTensorTypes.NameOf(tensor.dtype)
                ?? throw new ArgumentException($"The tensor '{name}' is {tensor.dtype}, which safetensors cannot hold.", nameof(tensors)));
            WriteIntegers(json, "shape", tensor.shape);
            var end = offset + tensor.NumberOfElements * tensor.element_size();
            WriteIntegers(json, "data_offsets", [offset, end]);
            json.WriteEndObject();
            offset = end;
        }
    }

    private static void WriteIntegers(Utf8JsonWriter json, string key, ReadOnlySpan<long> integers)
    {
        json.WriteStartArray(key);
        foreach (var integer in integers)
            json.WriteNumberValue(integer);
        json.WriteEndArray();
    }
}
