namespace Tweedie.Experiments.Statistics;

/// <summary>
/// The t interval of a mean over seeds and test items. Both are samples, so the interval speaks about other seeds and other items of the same kind. The
/// variance is that of <see cref="CrossedVariance"/>, with no component below zero.
/// </summary>
public static class CrossedInterval
{
    /// <summary>The 95 % interval of the mean difference.</summary>
    /// <param name="differences">For each seed, the differences on each test item, in the same order for every seed. With one seed, the interval speaks about items alone.</param>
    public static Interval Of(IReadOnlyList<double[]> differences)
    {
        var half = CrossedVariance.Of(differences).HalfWidth(differences.Count, differences[0].Length);
        var mean = differences.Average(seed => seed.Average());
        return new(mean - half, mean + half);
    }
}
