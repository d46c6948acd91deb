namespace Tweedie.Metrics;

/// <summary>
/// How real generated sequences are, and how varied. One without the other misleads: a model that always writes the same real sentence has the best overlap, and one
/// that writes at random has the highest entropy.
/// </summary>
/// <param name="Overlap">For n = 1, 2 and 3: the share of n-grams that also occur in real sequences.</param>
/// <param name="Distinct2">Different bigrams over all bigrams (<see cref="CaptionDiversity.Distinct"/>). It falls as more sequences are measured.</param>
/// <param name="Different">Different sequences over all sequences; 1 when none occurs twice.</param>
/// <param name="Entropy">The entropy of the distribution of symbols in all sequences together, in nats per symbol.</param>
public sealed record GenerationScores(IReadOnlyList<double> Overlap, double Distinct2, double Different, double Entropy)
{
    /// <summary>Scores sequences; every number of an empty set is 0.</summary>
    /// <param name="sequences">The sequences, such as the words of texts or the cells of rows.</param>
    /// <param name="reference">Real sequences, none of which is among those that are scored.</param>
    public static GenerationScores Of(IReadOnlyCollection<IReadOnlyList<string>> sequences, NGramReference reference)
    {
        ArgumentNullException.ThrowIfNull(sequences);
        ArgumentNullException.ThrowIfNull(reference);
        return new(
            [.. Enumerable.Range(1, NGramReference.MaximumOrder).Select(n => reference.Overlap(sequences, n))],
            CaptionDiversity.Distinct(sequences, 2),
            (double)sequences.Select(symbols => string.Join(' ', symbols)).Distinct(StringComparer.Ordinal).Count() / Math.Max(1, sequences.Count),
            EntropyOf(sequences));
    }

    // −Σ p·log p over the shares p of the symbols.
    private static double EntropyOf(IEnumerable<IReadOnlyList<string>> sequences)
    {
        var counts = sequences.SelectMany(symbols => symbols).CountBy(symbol => symbol, StringComparer.Ordinal).Select(pair => (double)pair.Value).ToArray();
        var total = counts.Sum();
        return -counts.Sum(count => count / total * Math.Log(count / total));
    }
}
