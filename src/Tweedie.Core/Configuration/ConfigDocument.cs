namespace Tweedie.Configuration;

/// <summary>
/// A configuration file in YAML or JSON (which is YAML), its overrides, and its binding to a record of options. Reading is strict: an unknown
/// key, a duplicate key or a value of the wrong type or range is an error that names the file, the line and the key.
/// </summary>
/// <remarks>
/// Anchors, aliases and tags are not supported. A value has the type of its option: <c>name: 12</c> is the text "12" for a text option,
/// and <c>"12"</c> is not a number.
/// </remarks>
public sealed class ConfigDocument
{
    private readonly string _source;
    private readonly ConfigMap _root;
    private readonly string? _folder;
    private readonly HashSet<string> _changes = new(StringComparer.Ordinal);
    private IReadOnlyList<ConfigPath> _paths = [];

    private ConfigDocument(string source, ConfigNode root, string? folder = null)
    {
        (_source, _folder) = (source, folder);
        _root = root as ConfigMap ?? throw new TweedieException(root is ConfigScalar { IsNull: true }
            ? $"{source}: is empty; write {{}} to take every default"
            : $"{source}: holds {Quote.Node(root)}, expected keys and values");
    }

    /// <summary>
    /// Reads a YAML or JSON file. Its paths (<see cref="ConfigPathAttribute"/>) are relative to its folder, or, where nothing is there, to the current folder.
    /// </summary>
    /// <exception cref="TweedieException">The file cannot be read, is not UTF-8 text, is malformed, or gives a key twice.</exception>
    public static ConfigDocument Load(string path) =>
        new(path, ConfigReader.ReadFile(TextFile.Read(path), path), Path.GetDirectoryName(Path.GetFullPath(path)));

    /// <summary>Reads YAML or JSON text; <paramref name="source"/> names it in errors. Paths are bound as they are written.</summary>
    /// <exception cref="TweedieException">The text is malformed or gives a key twice.</exception>
    public static ConfigDocument Parse(string text, string source) => new(source, ConfigReader.ReadFile(text, source));

    /// <summary>
    /// Overrides one option, as in <c>training.epochs=3</c> or <c>training.betas=[0.9, 0.95]</c>. Sections on the way are created;
    /// the value is YAML and replaces what was there.
    /// </summary>
    /// <returns>This document.</returns>
    /// <exception cref="TweedieException">
    /// The override is not of the form key=value, its value is malformed, or its path leads through a value.
    /// </exception>
    public ConfigDocument Set(string assignment)
    {
        var origin = $"--set {OneLine.Of(assignment)}";
        var split = assignment.IndexOf('=');
        var keys = assignment[..Math.Max(split, 0)].Split('.', StringSplitOptions.TrimEntries);
        if (keys.Contains(""))
            throw new TweedieException($"{origin}: expected key=value, such as training.epochs=3");
        var value = ConfigReader.ReadOverride(assignment[(split + 1)..], origin);

        var section = _root;
        for (var depth = 0; depth < keys.Length - 1; depth++)
            section = Enter(section, keys[depth], origin, string.Join('.', keys[..(depth + 1)]));
        section.Put(keys[^1], value, origin);
        _changes.Add(origin);
        return this;
    }

    /// <summary>
    /// Binds the document to a new <typeparamref name="T"/> and validates it. Keys are the properties' names in camelCase; an option
    /// that is not given keeps the default of the record's own initialiser. Binds nested records, enums (in camelCase), text, booleans, numbers
    /// (<see cref="int"/>, <see cref="long"/>, <see cref="float"/>, <see cref="double"/>), lists and maps of these.
    /// </summary>
    /// <exception cref="TweedieException">A key is unknown or missing, or a value has the wrong type or is out of range.</exception>
    public T Bind<T>() where T : class
    {
        var binder = new ConfigBinder(_source, typeof(T), _folder is null ? null
            : (key, origin, text) => ConfigPath.Resolve(key, origin, text, _changes.Contains(origin) ? null : _folder));
        var options = (T)binder.Bind(_root);
        _paths = binder.Paths;
        OptionsValidator.Validate(options, binder.OriginOf);
        return options;
    }

    /// <summary>Reads one text value of the document's root without binding the rest; it can name the record that the document describes.</summary>
    /// <exception cref="TweedieException">The value is not text.</exception>
    public string Text(string key, string fallback)
    {
        if (!_root.Entries.TryGetValue(key, out var node))
            return fallback;
        return node is ConfigScalar { IsNull: false } scalar ? scalar.Text
            : throw new TweedieException($"{node.Origin}: {key} = {Quote.Node(node)}: expected a name");
    }

    /// <summary>Where a key of the document's root stands, for messages; the document itself if it has no such key.</summary>
    public string OriginOf(string key) => _root.Entries.TryGetValue(key, out var node) ? node.Origin : _source;

    /// <summary>The part of the document under some of the root's keys, for a reader that does not need the rest.</summary>
    public ConfigDocument Only(params ReadOnlySpan<string> keys)
    {
        var part = new ConfigMap(_root.Origin);
        foreach (var key in keys)
            if (_root.Entries.TryGetValue(key, out var value))
                part.Put(key, value, _root.KeyOrigins[key]);
        return new ConfigDocument(_source, part, _folder);
    }

    /// <summary>What a user should know of the paths that were bound: those that were found in the current folder and not in that of the file.</summary>
    public IReadOnlyList<string> PathWarnings => [.. _paths.Where(path => path.IsFallback).Select(path =>
        $"{path.Origin}: {path.Key} = {OneLine.Of(path.Written)} is not in the folder of the file and was found in the current folder; write it relative to the file's folder.")];

    /// <summary>Runs work that uses the bound options. An error that names a path of the document where nothing is also says what the path is relative to.</summary>
    /// <param name="work">The work.</param>
    /// <returns>What the work returns.</returns>
    /// <exception cref="TweedieException">The work's own exception, with more words.</exception>
    public T ExplainPaths<T>(Func<T> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        try
        {
            return work();
        }
        catch (TweedieException error) when (_paths.FirstOrDefault(path => path.Base is not null && !path.Exists && error.Message.Contains(path.Full, StringComparison.Ordinal)) is { } path)
        {
            throw error.With($"{path.Origin}: {path.Key} = {OneLine.Of(path.Written)} is relative to {path.Base}.");
        }
    }

    private static ConfigMap Enter(ConfigMap section, string key, string origin, string path)
    {
        if (!section.Entries.TryGetValue(key, out var next) || next is ConfigScalar { IsNull: true })
            section.Put(key, next = new ConfigMap(origin), origin);
        return next as ConfigMap
            ?? throw new TweedieException($"{origin}: {path} holds {Quote.Node(next)} (at {next.Origin}), so it has no keys to set");
    }
}
