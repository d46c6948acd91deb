using System.Globalization;
using global::Onnx;
using Google.Protobuf;
using Tweedie.Configuration;
using Tweedie.Storage;
using static Onnx.TensorProto.Types;

namespace Tweedie.Onnx;

/// <summary>Writes a graph as an ONNX file. Protobuf messages end at 2 GB; the weights of larger graphs go into a file beside it.</summary>
internal static class GraphFile
{
    /// <summary>What the file beside a graph is called: the graph's name with this behind it.</summary>
    public const string DataExtension = ".data";

    private const int Alignment = 4096; // so that a runtime can map weights into memory
    private const int SmallestOutside = 1024;

    /// <summary>Writes the graph.</summary>
    /// <param name="path">The file.</param>
    /// <param name="graph">The graph, whose weights may be moved out of it.</param>
    /// <param name="metadata">What a reader of the file should know.</param>
    /// <param name="externalAbove">The number of bytes of weights above which they go into another file.</param>
    /// <exception cref="TweedieException">A file cannot be written.</exception>
    public static void Write(string path, GraphBuilder graph, IEnumerable<KeyValuePair<string, string>> metadata, long externalAbove)
    {
        graph.Proto.Name = Path.GetFileNameWithoutExtension(path);
        if (graph.Proto.Initializer.Sum(weight => (long)weight.RawData.Length) > externalAbove)
            MoveWeights(path + DataExtension, graph.Proto);
        var model = new ModelProto
        {
            IrVersion = graph.Opset switch { < 19 => 8, < 21 => 9, < 23 => 10, _ => 11 },
            ProducerName = "Tweedie",
            ProducerVersion = typeof(GraphFile).Assembly.GetName().Version?.ToString(3) ?? "",
            OpsetImport = { new OperatorSetIdProto { Domain = "", Version = graph.Opset } },
            Graph = graph.Proto,
            MetadataProps = { metadata.Select(pair => new StringStringEntryProto { Key = pair.Key, Value = pair.Value }) },
        };
        AtomicFile.Write(path, model.WriteTo);
    }

    /// <summary>What a reader of a graph should know of its model.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Metadata(OnnxModelOptions description) =>
        [new("kind", $"{description.Kind}"), new("model", ConfigWriter.ToJson(description))];

    private static void MoveWeights(string path, GraphProto graph) => AtomicFile.Write(path, stream =>
    {
        foreach (var weight in graph.Initializer.Where(weight => weight.RawData.Length >= SmallestOutside))
        {
            var offset = (stream.Position + Alignment - 1) / Alignment * Alignment;
            stream.Write(new byte[offset - stream.Position]);
            stream.Write(weight.RawData.Span);
            weight.DataLocation = DataLocation.External;
            weight.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = Path.GetFileName(path) });
            weight.ExternalData.Add(new StringStringEntryProto { Key = "offset", Value = offset.ToString(CultureInfo.InvariantCulture) });
            weight.ExternalData.Add(new StringStringEntryProto { Key = "length", Value = weight.RawData.Length.ToString(CultureInfo.InvariantCulture) });
            weight.RawData = ByteString.Empty;
        }
    });
}
