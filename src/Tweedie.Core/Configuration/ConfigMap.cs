namespace Tweedie.Configuration;

/// <summary>A section: keys and their nodes. Mutable, because overrides write into it.</summary>
internal sealed record ConfigMap(string Origin) : ConfigNode(Origin)
{
    public Dictionary<string, ConfigNode> Entries { get; } = new(StringComparer.Ordinal);

    /// <summary>Where each key was written, for errors about the key itself.</summary>
    public Dictionary<string, string> KeyOrigins { get; } = new(StringComparer.Ordinal);

    /// <summary>Adds or replaces an entry.</summary>
    public void Put(string key, ConfigNode value, string keyOrigin)
    {
        Entries[key] = value;
        KeyOrigins[key] = keyOrigin;
    }
}
