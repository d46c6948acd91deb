namespace Tweedie.Experiments.Statistics;

/// <summary>
/// The paired permutation test of a mean difference (Fisher 1935). If two methods are equally good, the sign of each item's difference is that of a fair
/// coin. The p-value is the share of random signs that give a mean at least as far from zero.
/// </summary>
public static class SignFlips
{
    private const int Flips = 9999;

    /// <summary>The two-sided p-value, at least 1/10,000; the same for the same differences.</summary>
    /// <param name="differences">The differences, item by item.</param>
    public static double PValue(IReadOnlyList<double> differences)
    {
        ArgumentNullException.ThrowIfNull(differences);
        var different = differences.Where(difference => difference != 0).ToArray(); // the others do not move the sum
        var observed = Math.Abs(different.Sum());
        var (random, asFar, rounding) = (new SampleRandom(seed: 1), 1, 1e-9 * different.Sum(Math.Abs));
        for (var flip = 0; flip < Flips; flip++)
        {
            var sum = 0.0;
            foreach (var difference in different)
                sum += random.NextInt(2) == 0 ? difference : -difference;
            asFar += Math.Abs(sum) >= observed - rounding ? 1 : 0;
        }
        return asFar / (Flips + 1.0);
    }
}
