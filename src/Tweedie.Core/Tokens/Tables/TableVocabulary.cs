using System.Globalization;

namespace Tweedie.Tokens;

/// <summary>The entries of a column as they are found: ids in the order of their occurrence, which are put into the order of the entries at the end.</summary>
internal sealed class TableVocabulary
{
    /// <summary>The largest vocabulary.</summary>
    public const int Largest = 1 << 14;

    private readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);

    /// <summary>The id of an entry, which is added if it is new; −1 where the vocabulary is full.</summary>
    public int Add(string entry)
    {
        if (_ids.TryGetValue(entry, out var id))
            return id;
        if (_ids.Count == Largest)
            return -1;
        _ids.Add(entry, _ids.Count);
        return _ids.Count - 1;
    }

    /// <summary>Whether there is such an entry.</summary>
    public bool Has(string entry) => _ids.ContainsKey(entry);

    /// <summary>The entries in order, whole numbers by their value and others by their characters, and the new id of each old one.</summary>
    public (IReadOnlyList<string> Entries, int[] NewIds) Ordered()
    {
        var numbers = _ids.Keys.All(entry => long.TryParse(entry, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _));
        string[] entries = [.. numbers
            ? _ids.Keys.OrderBy(entry => long.Parse(entry, CultureInfo.InvariantCulture)).ThenBy(entry => entry, StringComparer.Ordinal)
            : _ids.Keys.Order(StringComparer.Ordinal)];
        var newIds = new int[entries.Length];
        foreach (var (id, entry) in entries.Index())
            newIds[_ids[entry]] = id;
        return (entries, newIds);
    }
}
