using MathNet.Numerics.Distributions;

namespace Tweedie.Experiments.Statistics;

/// <summary>
/// Where the variance of a difference between two methods comes from: a crossed two-way layout of seeds and test items, both random (variances of single
/// values; an estimate may lie below zero). It gives the half-width of the 95 % interval for any number of seeds and items. The degrees of freedom are Hillis's
/// (Statistics in Medicine 26, 2007, there for readers and cases): few where the seeds contribute most of the variance, many where the items do.
/// </summary>
/// <param name="OfSeeds">The variance between seeds.</param>
/// <param name="OfItems">The variance between items that all seeds share.</param>
/// <param name="Rest">The variance that is left: of a single item under a single seed.</param>
public sealed record CrossedVariance(double OfSeeds, double OfItems, double Rest)
{
    private const double Quantile = 0.975;
    private const int Most = 1 << 24;

    /// <summary>The factor from a difference that shows in half of the cases to one that shows in 80 % of them: (1.96 + 0.84)/1.96.</summary>
    public const double OfMostCases = 1.43;

    /// <summary>What is assumed of two classifiers before anything is known of them.</summary>
    public static CrossedVariance Assumed { get; } = new(OfSeeds: 0.005 * 0.005, OfItems: 0.04, Rest: 0.1);

    /// <summary>The same in words.</summary>
    public static string AssumedInWords => "Assumed beforehand: two methods differ on 14 % of the items, on 4 % whatever the seed, and the difference varies by half a point between seeds.";

    /// <summary>Estimates the parts from the differences.</summary>
    /// <param name="differences">For each seed, the differences on each test item, in the same order for every seed.</param>
    public static CrossedVariance Of(IReadOnlyList<double[]> differences)
    {
        var (seeds, items) = (differences.Count, differences[0].Length);
        if (differences.Any(seed => seed.Length != items))
            throw new ArgumentException("The seeds differ in their number of items.", nameof(differences));
        var seedMeans = differences.Select(seed => seed.Average()).ToArray();
        var itemMeans = Enumerable.Range(0, items).Select(item => differences.Average(seed => seed[item])).ToArray();
        var mean = seedMeans.Average();
        var rest = differences.Select((seed, s) => seed.Select((difference, i) => Square(difference - seedMeans[s] - itemMeans[i] + mean)).Sum()).Sum()
            / Math.Max(1, (seeds - 1) * (items - 1));
        return new(Variance(seedMeans, mean) - rest / items, Variance(itemMeans, mean) - rest / seeds, rest);
    }

    /// <summary>Half of the 95 % interval's width: differences that are larger are told apart from none.</summary>
    /// <param name="seeds">Number of seeds, at least 1. With one, it speaks about items alone.</param>
    /// <param name="items">Number of test items, at least 1.</param>
    public double HalfWidth(int seeds, int items)
    {
        var ofSeeds = items * OfSeeds + Rest; // mean squares
        var spread = Math.Max(ofSeeds, Rest) + Math.Max(0, seeds * OfItems);
        if (spread <= 0)
            return 0;
        var freedom = Math.Max(1, Math.Min(Math.Max(1, seeds - 1) * Square(spread / ofSeeds), Math.Max(1, items - 1)));
        return StudentT.InvCDF(location: 0, scale: 1, freedom, Quantile) * Math.Sqrt(spread / (seeds * (double)items));
    }

    /// <summary>The fewest seeds with which the interval is narrow enough; null where no number of seeds suffices on these items.</summary>
    /// <param name="half">The half-width that is wanted.</param>
    /// <param name="items">Number of test items.</param>
    public int? SeedsFor(double half, int items) => Fewest(seeds => HalfWidth(seeds, items) <= half);

    /// <summary>The fewest test items with which the interval is narrow enough; null where no number of items suffices with these seeds.</summary>
    /// <param name="half">The half-width that is wanted.</param>
    /// <param name="seeds">Number of seeds.</param>
    public int? ItemsFor(double half, int seeds) => Fewest(items => HalfWidth(seeds, items) <= half);

    private static int? Fewest(Func<int, bool> suffices)
    {
        if (!suffices(Most))
            return null;
        var (low, high) = (1, Most);
        while (low < high)
        {
            var middle = low + (high - low) / 2;
            if (suffices(middle))
                high = middle;
            else
                low = middle + 1;
        }
        return low;
    }

    private static double Variance(double[] values, double mean) => values.Length == 1 ? 0 : values.Sum(value => Square(value - mean)) / (values.Length - 1);

    private static double Square(double value) => value * value;
}
