using System.Globalization;
using System.Text.Json;
using Tweedie.Storage;

namespace Tweedie.Configuration;

/// <summary>
/// An object in another program's JSON file that describes a model or its input. Every key is obeyed, or known to change nothing, or refused by name. A key
/// with the value null counts as absent.
/// </summary>
public sealed class PublishedJson
{
    private readonly string _path;
    private readonly string _prefix;
    private readonly Dictionary<string, JsonElement> _entries;
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);

    private PublishedJson(string path, string prefix, Dictionary<string, JsonElement> entries) =>
        (_path, _prefix, _entries) = (path, prefix, entries.Where(entry => entry.Value.ValueKind != JsonValueKind.Null).ToDictionary());

    /// <summary>The file.</summary>
    public string Path => _path;

    /// <summary>Reads a file that holds an object.</summary>
    /// <exception cref="TweedieException">The file cannot be read, or is not a JSON object.</exception>
    public static PublishedJson Load(string path) => new(path, "", JsonFile.Read<Dictionary<string, JsonElement>>(path));

    /// <summary>Whether a key has a value.</summary>
    public bool Has(string key) => _entries.ContainsKey(key);

    /// <summary>A whole number; null where there is no such key.</summary>
    /// <exception cref="TweedieException">The value is of another kind.</exception>
    public int? Whole(string key) => Read(key, "a whole number", element => element.TryGetInt32(out var value) ? value : (int?)null, JsonValueKind.Number);

    /// <summary>A number; null where there is no such key.</summary>
    /// <exception cref="TweedieException">The value is of another kind.</exception>
    public double? Number(string key) => Read(key, "a number", element => element.TryGetDouble(out var value) ? value : (double?)null, JsonValueKind.Number);

    /// <summary>Text; null where there is no such key.</summary>
    /// <exception cref="TweedieException">The value is of another kind.</exception>
    public string? Text(string key) => Find(key) is not { } element ? null
        : element.ValueKind == JsonValueKind.String ? element.GetString() : throw Refused(key, "expected text");

    /// <summary>True or false; null where there is no such key.</summary>
    /// <exception cref="TweedieException">The value is of another kind.</exception>
    public bool? Flag(string key) => Read(key, "true or false", element => (bool?)element.GetBoolean(), JsonValueKind.True, JsonValueKind.False);

    /// <summary>A list of numbers; null where there is no such key.</summary>
    /// <exception cref="TweedieException">The value is of another kind.</exception>
    public IReadOnlyList<double>? Numbers(string key) => Find(key) is not { } element ? null
        : element.ValueKind == JsonValueKind.Array && element.EnumerateArray().All(item => item.ValueKind == JsonValueKind.Number)
            ? [.. element.EnumerateArray().Select(item => item.GetDouble())] : throw Refused(key, "expected a list of numbers");

    /// <summary>An object; null where there is no such key.</summary>
    /// <exception cref="TweedieException">The value is of another kind.</exception>
    public PublishedJson? Section(string key) => Find(key) is not { } element ? null
        : element.ValueKind == JsonValueKind.Object ? new PublishedJson(_path, $"{_prefix}{key}.", Entries(element)) : throw Refused(key, "expected an object");

    /// <summary>An object, or null where the value is of another kind.</summary>
    public PublishedJson? SectionOrNull(string key) => _entries.TryGetValue(key, out var element) && element.ValueKind == JsonValueKind.Object ? Section(key) : null;

    /// <summary>This object with the values of another in place of its own.</summary>
    /// <param name="other">The other object; null changes nothing.</param>
    public PublishedJson With(PublishedJson? other)
    {
        var entries = new Dictionary<string, JsonElement>(_entries);
        foreach (var (key, value) in other?._entries ?? [])
            entries[key] = value;
        return new PublishedJson(_path, _prefix, entries);
    }

    /// <summary>Refuses a value that differs from the only one that can be.</summary>
    /// <param name="key">The key.</param>
    /// <param name="actual">The only value that can be.</param>
    /// <param name="owner">What has this value, with a verb, such as "the weights have".</param>
    /// <exception cref="TweedieException">It differs.</exception>
    public void Require(string key, int actual, string owner)
    {
        if (Whole(key) is { } value && value != actual)
            throw Refused(key, $"but {owner} {actual}");
    }

    /// <summary>Refuses the keys that nothing has read and that are not known to change nothing.</summary>
    /// <param name="harmless">The keys that change nothing.</param>
    /// <exception cref="TweedieException">There is such a key.</exception>
    public void Finish(params ReadOnlySpan<IReadOnlySet<string>> harmless)
    {
        foreach (var key in _entries.Keys.Where(key => !_read.Contains(key)))
        {
            var isKnown = false;
            foreach (var list in harmless)
                isKnown |= list.Contains(key);
            if (!isKnown)
                throw Refused(key, "is unknown here and may change what the model computes; remove the key if it does not");
        }
    }

    /// <summary>The error of a key's value.</summary>
    /// <param name="key">The key.</param>
    /// <param name="problem">What is wrong with it.</param>
    public TweedieException Refused(string key, string problem) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{_path}: {_prefix}{OneLine.Of(key)} = {OneLine.Of(_entries.TryGetValue(key, out var value) ? value.GetRawText() : "nothing")}: {problem}."), FaultKind.Model);

    private JsonElement? Find(string key)
    {
        _read.Add(key);
        return _entries.TryGetValue(key, out var element) ? element : null;
    }

    private T? Read<T>(string key, string expected, Func<JsonElement, T?> convert, params JsonValueKind[] kinds) where T : struct =>
        Find(key) is not { } element ? null
        : kinds.Contains(element.ValueKind) && convert(element) is { } value ? value : throw Refused(key, $"expected {expected}");

    private static Dictionary<string, JsonElement> Entries(JsonElement element)
    {
        var entries = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var property in element.EnumerateObject())
            entries[property.Name] = property.Value;
        return entries;
    }
}
