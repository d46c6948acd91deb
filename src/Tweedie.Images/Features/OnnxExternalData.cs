using System.Text;

namespace Tweedie.Images;

/// <summary>
/// The files beside an ONNX file that hold weights of its tensors (<c>TensorProto.external_data</c>). The file is a tree of protobuf messages; only those that
/// lead to tensors are entered, and weights are passed over.
/// </summary>
internal sealed class OnnxExternalData
{
    private const int Entries = 13; // of a tensor: key (1) and value (2)
    private const int MostDepth = 100;
    private const int LongestEntry = 1 << 16;

    // The fields of each message that lead to tensors, by their numbers in onnx.proto.
    private static readonly Dictionary<(Part, int), Part> Fields = new()
    {
        [(Part.Model, 7)] = Part.Graph,
        [(Part.Model, 25)] = Part.Function,
        [(Part.Function, 7)] = Part.Node,
        [(Part.Graph, 1)] = Part.Node,
        [(Part.Graph, 5)] = Part.Tensor,
        [(Part.Graph, 15)] = Part.Sparse,
        [(Part.Node, 5)] = Part.Attribute,
        [(Part.Attribute, 5)] = Part.Tensor,
        [(Part.Attribute, 6)] = Part.Graph,
        [(Part.Attribute, 10)] = Part.Tensor,
        [(Part.Attribute, 11)] = Part.Graph,
        [(Part.Attribute, 22)] = Part.Sparse,
        [(Part.Attribute, 23)] = Part.Sparse,
        [(Part.Sparse, 1)] = Part.Tensor,
        [(Part.Sparse, 2)] = Part.Tensor,
    };

    private readonly Stream _stream;
    private readonly SortedSet<string> _locations = new(StringComparer.Ordinal);

    private OnnxExternalData(Stream stream) => _stream = stream;

    private enum Part { Model, Graph, Function, Node, Attribute, Sparse, Tensor }

    /// <summary>The files, as paths relative to the ONNX file's folder; none where the file is no ONNX file, which its runtime says.</summary>
    /// <exception cref="TweedieException">The file cannot be read, or names a file outside its folder.</exception>
    public static IReadOnlyCollection<string> Of(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            var data = new OnnxExternalData(stream);
            data.Enter(Part.Model, stream.Length, 0);
            if (data._locations.FirstOrDefault(location => Path.IsPathRooted(location) || location.Split('/', '\\').Contains("..")) is { } outside)
                throw new TweedieException($"{path}: takes weights from {OneLine.Of(outside)}, which is not in its folder; export it anew with all files in one folder.", FaultKind.Model);
            return data._locations;
        }
        catch (InvalidDataException)
        {
            return [];
        }
        catch (Exception exception) when (exception.IsFileError())
        {
            throw FileErrors.CannotRead(path, exception);
        }
    }

    private void Enter(Part part, long end, int depth)
    {
        if (depth > MostDepth)
            throw new InvalidDataException();
        while (_stream.Position < end)
        {
            var tag = Varint();
            var (field, kind) = ((int)(tag >> 3), (int)(tag & 7));
            switch (kind)
            {
                case 0:
                    _ = Varint();
                    break;
                case 1 or 5:
                    _stream.Position += kind == 1 ? 8 : 4;
                    break;
                case 2:
                    var length = Varint();
                    var next = length <= (ulong)(end - _stream.Position) ? _stream.Position + (long)length : throw new InvalidDataException();
                    if (Fields.TryGetValue((part, field), out var inner))
                        Enter(inner, next, depth + 1);
                    else if (part == Part.Tensor && field == Entries && length <= LongestEntry)
                        AddLocation(next);
                    _stream.Position = next;
                    break;
                default:
                    throw new InvalidDataException();
            }
        }
    }

    private void AddLocation(long end)
    {
        var texts = new Dictionary<int, string>();
        while (_stream.Position < end)
        {
            var tag = Varint();
            var length = Varint();
            if ((tag & 7) != 2 || length > (ulong)(end - _stream.Position))
                throw new InvalidDataException();
            var text = new byte[length];
            _stream.ReadExactly(text);
            texts[(int)(tag >> 3)] = Encoding.UTF8.GetString(text);
        }
        if (texts.GetValueOrDefault(1) == "location" && texts.TryGetValue(2, out var location))
            _locations.Add(location);
    }

    private ulong Varint()
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var part = _stream.ReadByte();
            if (part < 0)
                throw new InvalidDataException();
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
                return value;
        }
        throw new InvalidDataException();
    }
}
