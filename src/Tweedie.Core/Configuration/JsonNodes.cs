using System.Text;
using System.Text.Json;

namespace Tweedie.Configuration;

/// <summary>
/// Reads a JSON document into the nodes that the YAML parser gives for it, in a tenth of the time. Whatever is not plain JSON is left to that parser, with its messages.
/// </summary>
internal static class JsonNodes
{
    /// <summary>The nodes of an object; null where the text is not plain JSON, gives a key twice or is nested too deep.</summary>
    public static ConfigNode? Find(string text, string file, int maximumDepth)
    {
        if (!text.AsSpan().TrimStart().StartsWith('{'))
            return null;
        try
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = maximumDepth });
            var lines = new Lines(file, bytes);
            reader.Read();
            var node = Node(ref reader, ref lines);
            return reader.Read() ? null : node;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException) // the latter of an escape that is no character
        {
            return null;
        }
    }

    private static ConfigNode? Node(ref Utf8JsonReader reader, ref Lines lines)
    {
        var origin = lines.At(reader.TokenStartIndex);
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                var map = new ConfigMap(origin);
                while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                {
                    var (key, keyOrigin) = (reader.GetString()!, lines.At(reader.TokenStartIndex));
                    reader.Read();
                    if (map.KeyOrigins.ContainsKey(key) || Node(ref reader, ref lines) is not { } value)
                        return null;
                    map.Put(key, value, keyOrigin);
                }
                return map;
            case JsonTokenType.StartArray:
                var items = new List<ConfigNode>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    if (Node(ref reader, ref lines) is not { } item)
                        return null;
                    items.Add(item);
                }
                return new ConfigList(origin, items);
            case JsonTokenType.String:
                return new ConfigScalar(origin, reader.GetString()!, Quoted: true);
            default:
                return new ConfigScalar(origin, Encoding.UTF8.GetString(reader.ValueSpan), Quoted: false);
        }
    }

    /// <summary>Where tokens stand, as messages say it.</summary>
    private ref struct Lines(string file, ReadOnlySpan<byte> bytes)
    {
        private readonly ReadOnlySpan<byte> _bytes = bytes;
        private int _seen;
        private int _line = 1;
        private string? _origin;

        public string At(long place)
        {
            var passed = _bytes[_seen..(int)place].Count((byte)'\n');
            _seen = (int)place;
            _line += passed;
            return _origin = passed == 0 && _origin is not null ? _origin : $"{file}:{_line}";
        }
    }
}
