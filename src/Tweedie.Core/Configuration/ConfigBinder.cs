using System.Collections;
using System.ComponentModel.DataAnnotations;

namespace Tweedie.Configuration;

/// <summary>Binds nodes to records of options and remembers where each key was written.</summary>
/// <param name="source">The document, for messages.</param>
/// <param name="root">The record.</param>
/// <param name="resolve">Makes a path of its key, its origin and its text; null leaves paths as they are written.</param>
internal sealed class ConfigBinder(string source, Type root, Func<string, string, string, ConfigPath>? resolve = null)
{
    private readonly Dictionary<string, string> _origins = new(StringComparer.Ordinal);
    private readonly List<ConfigPath> _paths = [];

    /// <summary>The paths that were bound.</summary>
    public IReadOnlyList<ConfigPath> Paths => _paths;

    /// <summary>Where the value of a key was written; the whole source if the key was not written.</summary>
    public string OriginOf(string key) => _origins.GetValueOrDefault(key, source);

    /// <summary>Binds the root section.</summary>
    public object Bind(ConfigMap map) => BindRecord(map, root, "", defaults: null);

    private object BindRecord(ConfigMap map, Type type, string path, object? defaults)
    {
        var properties = OptionsContract.Keys(type);
        var names = properties.Select(property => property.Name).ToList();
        foreach (var (name, origin) in map.KeyOrigins)
            if (!names.Contains(name))
                throw new TweedieException($"{origin}: {UnknownKey.Describe(root, path, name, names)}");

        var create = OptionsContract.Of(type).Create ?? throw new NotSupportedException($"{type} has no parameterless constructor.");
        var options = create();
        foreach (var property in properties)
        {
            var key = OptionsContract.Join(path, property.Name);
            // A nested record keeps the defaults that its owner gave it; they are copied, because the owner may share them.
            var inherited = property.Get(defaults ?? options);
            if (map.Entries.TryGetValue(property.Name, out var node))
                property.Set(options, BindOption(node, property, key, inherited));
            else if (defaults is null && property.IsRequired)
                throw new TweedieException($"{map.Origin}: {key} is missing: expected {Describe(property.PropertyType, property)}");
            else
                property.Set(options, inherited);
        }
        return options;
    }

    private object? BindOption(ConfigNode node, OptionMember property, string key, object? defaults)
    {
        _origins[key] = node.Origin;
        if (node is ConfigScalar { IsNull: true } && property.IsSetNullable)
            return null;
        return BindValue(node, property.PropertyType, property, key, defaults);
    }

    private object? BindValue(ConfigNode node, Type type, OptionMember property, string key, object? defaults)
    {
        _origins[key] = node.Origin;
        var target = Nullable.GetUnderlyingType(type) ?? type;
        var isNull = node is ConfigScalar { IsNull: true };
        if (isNull && target != type)
            return null;
        return (OptionsContract.Of(target).Kind, node) switch
        {
            (OptionKind.Record, ConfigMap map) => BindRecord(map, target, key, defaults),
            (OptionKind.List, ConfigList list) => BindList(list, target, property, key),
            (OptionKind.Map, ConfigMap map) => BindDictionary(map, target, property, key),
            (OptionKind.Value, ConfigScalar scalar) when !isNull && ScalarTypes.Parse(scalar, target) is { } value =>
                value is string text ? Resolve(text, scalar.Origin, property, key) : value,
            _ => throw new TweedieException($"{node.Origin}: {key} = {Quote.Node(node)}: expected {Describe(target, property)}"),
        };
    }

    private string Resolve(string text, string origin, OptionMember property, string key)
    {
        if (resolve is null || string.IsNullOrWhiteSpace(text) || !OptionsContract.Attributes<ConfigPathAttribute>(property).Any(path => path.IsPath(text)))
            return text;
        var path = resolve(key, origin, text);
        _paths.Add(path);
        return path.Full;
    }

    private Array BindList(ConfigList list, Type type, OptionMember property, string key)
    {
        var elementType = OptionsContract.Of(type).ElementType!;
        var array = Array.CreateInstance(elementType, list.Items.Count);
        if (!type.IsInstanceOfType(array))
            throw new NotSupportedException($"Options cannot have lists of type {type}; use IReadOnlyList or an array.");
        for (var i = 0; i < array.Length; i++)
            array.SetValue(BindValue(list.Items[i], elementType, property, $"{key}[{i}]", defaults: null), i);
        return array;
    }

    private IDictionary BindDictionary(ConfigMap map, Type type, OptionMember property, string key)
    {
        var elementType = OptionsContract.Of(type).ElementType!;
        var dictionary = (IDictionary)Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(typeof(string), elementType))!;
        if (!type.IsInstanceOfType(dictionary))
            throw new NotSupportedException($"Options cannot have maps of type {type}; use IReadOnlyDictionary with text as keys.");
        foreach (var (name, node) in map.Entries)
            dictionary[name] = BindValue(node, elementType, property, OptionsContract.Join(key, name), defaults: null);
        return dictionary;
    }

    private static string Describe(Type type, OptionMember property) => OptionsContract.Of(type).Kind switch
    {
        OptionKind.Record => "a section",
        OptionKind.List => $"a list, each item {Describe(OptionsContract.Of(type).ElementType!, property)}",
        OptionKind.Map => $"a section, each value {Describe(OptionsContract.Of(type).ElementType!, property)}",
        _ => ScalarTypes.Describe(
            Nullable.GetUnderlyingType(type) ?? type, OptionsContract.Attributes<RangeAttribute>(property).FirstOrDefault()),
    };
}
