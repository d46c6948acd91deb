namespace Tweedie.Metrics;

/// <summary>Counts the runs of n tokens.</summary>
internal static class NGrams
{
    /// <summary>Each n-gram (tokens joined by a space) with its number of occurrences.</summary>
    public static Dictionary<string, int> Count(IReadOnlyList<string> tokens, int n)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        var words = tokens as string[] ?? [.. tokens];
        for (var start = 0; start + n <= words.Length; start++)
        {
            var gram = string.Join(' ', words, start, n);
            counts[gram] = counts.GetValueOrDefault(gram) + 1;
        }
        return counts;
    }
}
