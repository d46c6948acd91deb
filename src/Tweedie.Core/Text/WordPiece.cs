namespace Tweedie.Text;

/// <summary>
/// WordPiece (Wu et al. 2016, as BERT uses it): a word is spelt with the longest entries that match, from left to right; entries that
/// continue a word begin with <c>##</c>. A word that cannot be spelt, or is longer than <see cref="MaximumLength"/>, is one unknown token.
/// </summary>
internal sealed class WordPiece
{
    public const string Continuation = "##";

    /// <summary>The longest word that is spelt, in code points.</summary>
    private const int MaximumLength = 200;

    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _heads, _continuations;
    private readonly int _unknown, _longest;

    public WordPiece(IEnumerable<KeyValuePair<string, int>> entries, int unknown)
    {
        var heads = new Dictionary<string, int>(StringComparer.Ordinal);
        var continuations = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (entry, id) in entries)
        {
            heads.Add(entry, id);
            if (entry.StartsWith(Continuation, StringComparison.Ordinal))
                continuations.Add(entry[Continuation.Length..], id);
            _longest = Math.Max(_longest, entry.Length);
        }
        (_heads, _continuations) = (heads.GetAlternateLookup<ReadOnlySpan<char>>(), continuations.GetAlternateLookup<ReadOnlySpan<char>>());
        _unknown = unknown;
    }

    /// <summary>Appends the ids of one word.</summary>
    public void Encode(ReadOnlySpan<char> word, List<int> ids)
    {
        var first = ids.Count;
        var start = 0;
        while (start < word.Length && TryMatch(word[start..], start > 0 ? _continuations : _heads, out var id, out var length))
        {
            ids.Add(id);
            start += length;
        }
        if (start == word.Length && !IsTooLong(word))
            return;
        ids.RemoveRange(first, ids.Count - first);
        ids.Add(_unknown);
    }

    private bool TryMatch(ReadOnlySpan<char> rest, Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> entries, out int id, out int length)
    {
        // Matching UTF-16 units is the same as matching code points: entries are well-formed, so none ends inside a surrogate pair.
        id = _unknown;
        for (length = Math.Min(rest.Length, _longest); length > 0; length--)
            if (entries.TryGetValue(rest[..length], out id))
                return true;
        return false;
    }

    private static bool IsTooLong(ReadOnlySpan<char> word)
    {
        if (word.Length <= MaximumLength)
            return false;
        var count = 0;
        foreach (var _ in word.EnumerateRunes())
            count++;
        return count > MaximumLength;
    }
}
