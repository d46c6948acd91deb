namespace Tweedie.Text;

/// <summary>The entries of a vocabulary in the order of their ids.</summary>
/// <param name="Source">The file, for messages.</param>
/// <param name="Entries">The entry of each id.</param>
/// <param name="Ids">The id of each entry.</param>
internal sealed record Vocabulary(string Source, IReadOnlyList<string> Entries, IReadOnlyDictionary<string, int> Ids)
{
    /// <summary>The id of an entry that the vocabulary must have.</summary>
    /// <exception cref="TweedieException">The vocabulary does not have the entry.</exception>
    public int Require(string entry) =>
        Ids.TryGetValue(entry, out var id) ? id : throw new TweedieException(
            $"{Source}: none of its {Entries.Count} lines is {entry}, which this tokenizer needs; is it another model's vocabulary?");

    /// <summary>The entry of an id.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The id lies outside the vocabulary.</exception>
    public string Entry(int id)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(id);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(id, Entries.Count);
        return Entries[id];
    }
}
