using MathNet.Numerics.Distributions;

namespace Tweedie.Experiments.Statistics;

/// <summary>
/// The t interval of a mean over seeds and test items. Both are samples, so the interval speaks about other seeds and other items of the same kind. The
/// variance is that of a crossed two-way layout with random effects, with no component below zero. The degrees of freedom are Hillis's (Statistics in
/// Medicine 26, 2007, there for readers and cases): few where the seeds contribute most of the variance, many where the items do.
/// </summary>
public static class CrossedInterval
{
    private const double Quantile = 0.975;

    /// <summary>The 95 % interval of the mean difference.</summary>
    /// <param name="differences">For each seed, the differences on each test item, in the same order for every seed. With one seed, the interval speaks about items alone.</param>
    public static Interval Of(IReadOnlyList<double[]> differences)
    {
        var (seeds, items) = (differences.Count, differences[0].Length);
        if (differences.Any(seed => seed.Length != items))
            throw new ArgumentException("The seeds differ in their number of items.", nameof(differences));
        var seedMeans = differences.Select(seed => seed.Average()).ToArray();
        var itemMeans = Enumerable.Range(0, items).Select(item => differences.Average(seed => seed[item])).ToArray();
        var mean = seedMeans.Average();
        var rest = differences.Select((seed, s) => seed.Select((difference, i) => Square(difference - seedMeans[s] - itemMeans[i] + mean)).Sum()).Sum();

        var (ofSeeds, ofItems) = (items * Variance(seedMeans, mean), seeds * Variance(itemMeans, mean)); // mean squares
        var ofBoth = rest / Math.Max(1, (seeds - 1) * (items - 1));
        var spread = Math.Max(ofSeeds, ofBoth) + Math.Max(0, ofItems - ofBoth);
        if (spread == 0)
            return new(mean, mean);
        var freedom = Math.Min(Math.Max(1, seeds - 1) * Square(spread / ofSeeds), Math.Max(1, items - 1));
        var half = StudentT.InvCDF(location: 0, scale: 1, freedom, Quantile) * Math.Sqrt(spread / (seeds * (double)items));
        return new(mean - half, mean + half);
    }

    private static double Variance(double[] values, double mean) => values.Length == 1 ? 0 : values.Sum(value => Square(value - mean)) / (values.Length - 1);

    private static double Square(double value) => value * value;
}
