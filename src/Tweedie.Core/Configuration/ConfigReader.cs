using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Tweedie.Configuration;

/// <summary>
/// Reads one YAML document (and so any JSON document) into nodes. It works on the parser's events rather than on its node model, so that
/// depth is bounded and duplicate keys, anchors and tags are refused with our own messages.
/// </summary>
internal sealed class ConfigReader
{
    private const int MaxDepth = 64;

    private readonly Parser _parser;
    private readonly Func<Mark, string> _origin;

    private ConfigReader(string text, Func<Mark, string> origin)
    {
        _parser = new Parser(new StringReader(text));
        _origin = origin;
    }

    /// <summary>Reads the text of a file; each node records its line.</summary>
    public static ConfigNode ReadFile(string text, string file)
    {
        CheckCharacters(text, file);
        return JsonNodes.Find(text, file, MaxDepth) ?? new ConfigReader(text, mark => $"{file}:{mark.Line}").ReadDocument(file);
    }

    /// <summary>Reads a value given on the command line; each node records only the override that it comes from.</summary>
    public static ConfigNode ReadOverride(string text, string origin)
    {
        CheckCharacters(text, origin);
        return new ConfigReader(text, _ => origin).ReadDocument(origin);
    }

    // The parser would stop silently at a NUL and let other control characters through.
    private static void CheckCharacters(string text, string source)
    {
        foreach (var c in text)
            if (char.IsControl(c) && c is not ('\t' or '\n' or '\r' or '\u0085'))
                throw new TweedieException($"{source}: is not a text file: it holds control characters");
    }

    private ConfigNode ReadDocument(string source)
    {
        try
        {
            _parser.Consume<StreamStart>();
            if (_parser.Accept<StreamEnd>(out _))
                return new ConfigScalar(source, "", Quoted: false);
            _parser.Consume<DocumentStart>();
            var root = ReadNode(0);
            _parser.Consume<DocumentEnd>();
            if (!_parser.Accept<StreamEnd>(out _))
                throw Error(_parser.Current!.Start, "holds a second document; only one is allowed");
            return root;
        }
        catch (YamlException exception)
        {
            throw Malformed(exception.Start, OneLine.Of(exception.Message).TrimEnd('.'), exception);
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException or EndOfStreamException)
        {
            // Some malformed documents (an unclosed bracket, an escape beyond Unicode, a key without a name) fail inside the parser.
            throw Malformed(_parser.Current?.End ?? Mark.Empty, "an unclosed bracket, a bad escape or a key without a name follows", exception);
        }
    }

    private ConfigNode ReadNode(int depth)
    {
        var start = _parser.Consume<ParsingEvent>();
        var origin = _origin(start.Start);
        if (depth > MaxDepth)
            throw Error(start.Start, $"is nested deeper than {MaxDepth} levels");
        if (start is AnchorAlias or NodeEvent { Anchor.IsEmpty: false })
            throw Error(start.Start, "uses an anchor or alias (& or *), which is not supported; write the value out or quote the text");
        if (start is NodeEvent { Tag.IsEmpty: false })
            throw Error(start.Start, "uses a tag (!), which is not supported; quote the text if the ! belongs to it");
        return start switch
        {
            Scalar scalar => new ConfigScalar(origin, scalar.Value, scalar.Style != ScalarStyle.Plain),
            SequenceStart => new ConfigList(origin, ReadItems(depth)),
            _ => ReadEntries(new ConfigMap(origin), depth),
        };
    }

    private List<ConfigNode> ReadItems(int depth)
    {
        var items = new List<ConfigNode>();
        while (!_parser.TryConsume<SequenceEnd>(out _))
            items.Add(ReadNode(depth + 1));
        return items;
    }

    private ConfigMap ReadEntries(ConfigMap map, int depth)
    {
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            var start = _parser.Current!.Start;
            if (ReadNode(depth + 1) is not ConfigScalar key)
                throw Error(start, "has a key that is not plain text");
            if (map.KeyOrigins.TryGetValue(key.Text, out var first))
                throw Error(start, $"gives the key '{OneLine.Of(key.Text)}' twice (first at {first})");
            map.KeyOrigins[key.Text] = key.Origin;
            map.Entries[key.Text] = ReadNode(depth + 1);
        }
        return map;
    }

    private TweedieException Error(Mark mark, string problem) => new($"{_origin(mark)}: {problem}");

    private TweedieException Malformed(Mark mark, string problem, Exception cause) =>
        new($"{_origin(mark)}: is not valid YAML at column {mark.Column}: {problem}", cause);
}
