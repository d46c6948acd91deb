namespace Tweedie.Tests;

/// <summary>Bounds for tests of random draws.</summary>
internal static class Statistics
{
    /// <summary>
    /// Pearson's χ² of counts against probabilities, in standard deviations of its null distribution about that distribution's mean.
    /// Right draws exceed 6 about once in a million.
    /// </summary>
    public static double ChiSquareDeviation(IReadOnlyList<long> counts, IReadOnlyList<double> probabilities)
    {
        double total = counts.Sum();
        var statistic = counts.Zip(probabilities, (count, p) => Math.Pow(count - total * p, 2) / (total * p)).Sum();
        var freedom = counts.Count - 1;
        return (statistic - freedom) / Math.Sqrt(2.0 * freedom);
    }

    /// <summary>How often each of 0..K−1 occurs.</summary>
    public static long[] Counts(IEnumerable<long> values, int classes)
    {
        var counts = new long[classes];
        foreach (var value in values)
            counts[value]++;
        return counts;
    }
}
