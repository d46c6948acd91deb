namespace Tweedie.Metrics;

/// <summary>The n-grams of real sequences, n = 1 to 3, which generated sequences are held against.</summary>
public sealed class NGramReference
{
    /// <summary>The longest n-grams.</summary>
    public const int MaximumOrder = 3;

    private readonly HashSet<string>[] _grams = [.. Enumerable.Range(1, MaximumOrder).Select(_ => new HashSet<string>(StringComparer.Ordinal))];

    /// <summary>Collects the n-grams of sequences.</summary>
    /// <param name="sequences">The sequences, such as the words of texts or the cells of rows.</param>
    public NGramReference(IEnumerable<IReadOnlyList<string>> sequences)
    {
        ArgumentNullException.ThrowIfNull(sequences);
        foreach (var sequence in sequences)
            for (var n = 1; n <= MaximumOrder; n++)
                _grams[n - 1].UnionWith(NGrams.Count(sequence, n).Keys);
    }

    /// <summary>The share of the n-grams of sequences, each counted as often as it occurs, that also occur in the reference; 0 where there is none.</summary>
    /// <param name="sequences">The sequences.</param>
    /// <param name="n">1 to <see cref="MaximumOrder"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">n is out of range.</exception>
    public double Overlap(IEnumerable<IReadOnlyList<string>> sequences, int n)
    {
        ArgumentNullException.ThrowIfNull(sequences);
        ArgumentOutOfRangeException.ThrowIfLessThan(n, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(n, MaximumOrder);
        var (all, real) = (0L, 0L);
        foreach (var (gram, count) in sequences.SelectMany(sequence => NGrams.Count(sequence, n)))
            (all, real) = (all + count, real + (_grams[n - 1].Contains(gram) ? count : 0));
        return all == 0 ? 0 : (double)real / all;
    }
}
