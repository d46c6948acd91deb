namespace Tweedie.Metrics;

/// <summary>
/// Chooses among candidate sentences the one that agrees most with the others (minimum Bayes risk decoding, Kumar and Byrne 2004). Drawn sentences gather where the
/// model sees most probability, and one that few others resemble is likely a slip.
/// </summary>
public static class MinimumBayesRisk
{
    private const int MaximumOrder = 4;

    /// <summary>The index of the candidate with the highest mean overlap with the others; the first of several that are equal.</summary>
    /// <param name="candidates">The sentences as tokens, at least one.</param>
    /// <exception cref="ArgumentException">There is no candidate.</exception>
    public static int Choose(IReadOnlyList<IReadOnlyList<string>> candidates)
    {
        if (candidates.Count == 0)
            throw new ArgumentException("There is no candidate.", nameof(candidates));
        var grams = candidates.Select(Grams).ToArray();
        var scores = grams.Select((own, i) => grams.Where((_, j) => j != i).Sum(other => Overlap(own, other))).ToArray();
        return Array.IndexOf(scores, scores.Max());
    }

    /// <summary>The index of the candidate row of ids with the highest mean overlap with the others; the first of several that are equal.</summary>
    /// <param name="rows">The rows, at least one.</param>
    /// <param name="end">The id from which on nothing counts; null where there is none.</param>
    /// <exception cref="ArgumentException">There is no candidate.</exception>
    public static int Choose(IReadOnlyList<long[]> rows, long? end) =>
        Choose([.. rows.Select(row => row.TakeWhile(id => id != end).Select(id => $"{id}").ToArray())]);

    /// <summary>The F1 score of the n-grams, n = 1 to 4 together, that two sentences share, each counted as often as it occurs in both: 0 to 1.</summary>
    public static double Overlap(IReadOnlyList<string> first, IReadOnlyList<string> second) => Overlap(Grams(first), Grams(second));

    private static double Overlap(Dictionary<string, int> first, Dictionary<string, int> second)
    {
        var total = first.Values.Sum() + second.Values.Sum();
        return total == 0 ? 1 : 2.0 * first.Sum(gram => Math.Min(gram.Value, second.GetValueOrDefault(gram.Key))) / total;
    }

    private static Dictionary<string, int> Grams(IReadOnlyList<string> tokens) =>
        Enumerable.Range(1, MaximumOrder).SelectMany(n => NGrams.Count(tokens, n)).ToDictionary();
}
