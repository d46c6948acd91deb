using System.Text;
using System.Text.Json;
using static TorchSharp.torch;

namespace Tweedie.Formats;

/// <summary>Parses the JSON of a safetensors header and checks each tensor by itself.</summary>
internal ref struct SafeTensorsJson(ReadOnlySpan<byte> json, string source)
{
    /// <summary>The key of the metadata, which no tensor can have.</summary>
    public const string MetadataKey = "__metadata__";

    /// <summary>More dimensions than any model has; torch itself handles no more in its element-wise operations.</summary>
    private const int MaxDimensions = 64;

    private Utf8JsonReader _reader = new(json);

    /// <summary>The tensors in the order of the header, and the metadata.</summary>
    public (List<SafeTensorInfo> Tensors, Dictionary<string, string> Metadata) Parse()
    {
        try
        {
            var tensors = new List<SafeTensorInfo>();
            var metadata = new Dictionary<string, string>();
            var names = new HashSet<string>(StringComparer.Ordinal);
            Expect(JsonTokenType.StartObject, "the header", "an object");
            while (NextKey("the header", names) is { } name)
            {
                if (name == MetadataKey)
                    metadata = ReadMetadata();
                else
                    tensors.Add(ReadTensor(name));
            }
            _reader.Read(); // fails if anything but white space follows
            return (tensors, metadata);
        }
        catch (JsonException exception)
        {
            throw new TweedieException($"{source}: the header is not valid JSON: {OneLine.Of(exception.Message)}", exception, FaultKind.Model);
        }
    }

    private Dictionary<string, string> ReadMetadata()
    {
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        var names = new HashSet<string>(StringComparer.Ordinal);
        Expect(JsonTokenType.StartObject, MetadataKey, "an object");
        while (NextKey(MetadataKey, names) is { } name)
        {
            Expect(JsonTokenType.String, $"{MetadataKey} '{OneLine.Of(name)}'", "text");
            metadata[name] = Text();
        }
        return metadata;
    }

    private SafeTensorInfo ReadTensor(string name)
    {
        var tensor = $"tensor '{OneLine.Of(name)}'";
        ScalarType? type = null;
        List<long>? shape = null;
        List<long>? offsets = null;
        var fields = new HashSet<string>(StringComparer.Ordinal);
        Expect(JsonTokenType.StartObject, tensor, "an object");
        while (NextKey(tensor, fields) is { } field)
        {
            switch (field)
            {
                case "dtype":
                    type = ReadType($"{tensor}: dtype");
                    break;
                case "shape":
                    shape = ReadIntegers($"{tensor}: shape");
                    break;
                case "data_offsets":
                    offsets = ReadIntegers($"{tensor}: data_offsets");
                    break;
                default:
                    throw Error($"{tensor}: unknown field '{OneLine.Of(field)}', expected dtype, shape and data_offsets");
            }
        }
        if (type is null || shape is null || offsets is null)
            throw Error($"{tensor}: has no {(type is null ? "dtype" : shape is null ? "shape" : "data_offsets")}");
        if (shape.Count > MaxDimensions)
            throw Error($"{tensor}: shape has {shape.Count} dimensions, at most {MaxDimensions} are supported");
        if (offsets is not [var begin, var end] || begin > end)
            throw Error($"{tensor}: data_offsets [{OneLine.Of(string.Join(", ", offsets))}] are not a begin and an end");
        if (ByteCount(shape, type.Value) is var bytes && bytes != end - begin)
            throw Error($"{tensor}: data_offsets [{begin}, {end}] span {end - begin} bytes, but {SafeTensorTypes.NameOf(type.Value)} "
                + $"of shape [{string.Join(", ", shape)}] needs {(bytes is null ? "more than a file can hold" : bytes)}");
        return new SafeTensorInfo(name, type.Value, shape, begin, end);
    }

    /// <summary>The bytes of a tensor; null where they, or those without the empty dimensions, exceed 64 bits.</summary>
    private static long? ByteCount(List<long> shape, ScalarType type)
    {
        Int128 bytes = SafeTensorTypes.SizeOf(type);
        foreach (var size in shape)
        {
            bytes *= Math.Max(size, 1); // torch computes strides in this way, so they must fit too
            if (bytes > long.MaxValue)
                return null;
        }
        return shape.Contains(0) ? 0 : (long)bytes;
    }

    private ScalarType ReadType(string what)
    {
        Expect(JsonTokenType.String, what, "text");
        return SafeTensorTypes.Find(Text()) ?? throw Error($"{what} '{Token()}' is not supported, expected one of {SafeTensorTypes.Names}");
    }

    private List<long> ReadIntegers(string what)
    {
        var integers = new List<long>();
        Expect(JsonTokenType.StartArray, what, "a list of whole numbers");
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
        {
            if (_reader.TokenType != JsonTokenType.Number || !_reader.TryGetInt64(out var integer) || integer < 0)
                throw Error($"{what} holds {Token()}, expected whole numbers from 0 to {long.MaxValue}");
            integers.Add(integer);
        }
        return integers;
    }

    /// <summary>The next key of the current object, which it must not have had before; null at the object's end.</summary>
    private string? NextKey(string what, HashSet<string> seen)
    {
        _reader.Read();
        if (_reader.TokenType == JsonTokenType.EndObject)
            return null;
        var key = Text();
        return seen.Add(key) ? key : throw Error($"{what}: '{OneLine.Of(key)}' is given twice");
    }

    private void Expect(JsonTokenType type, string what, string expected)
    {
        _reader.Read();
        if (_reader.TokenType != type)
            throw Error($"{what} is {Token()}, expected {expected}");
    }

    private readonly string Text()
    {
        try
        {
            return _reader.GetString()!;
        }
        catch (InvalidOperationException exception)
        {
            throw new TweedieException($"{source}: the header holds an escape (\\u) that is no text: {Token()}", exception, FaultKind.Model);
        }
    }

    private readonly string Token() => _reader.TokenType switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "a list",
        _ => OneLine.Of(Encoding.UTF8.GetString(_reader.ValueSpan)),
    };

    private readonly TweedieException Error(string problem) => new($"{source}: {problem}", FaultKind.Model);
}
