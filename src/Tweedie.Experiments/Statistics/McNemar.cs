using MathNet.Numerics.Distributions;

namespace Tweedie.Experiments.Statistics;

/// <summary>
/// McNemar's exact test of two classifiers on the same items. If both are equally good, the items on which only one of the two is right are throws of a fair
/// coin (McNemar 1947; the exact form is the sign test).
/// </summary>
public static class McNemar
{
    /// <summary>The two-sided p-value.</summary>
    /// <param name="first">Whether the first classifier is right, item by item.</param>
    /// <param name="second">The same for the second.</param>
    public static double PValue(ReadOnlySpan<bool> first, ReadOnlySpan<bool> second)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(second.Length, first.Length);
        var (onlyFirst, onlySecond) = (0, 0);
        for (var i = 0; i < first.Length; i++)
        {
            if (first[i] && !second[i])
                onlyFirst++;
            else if (second[i] && !first[i])
                onlySecond++;
        }
        return PValue(onlyFirst, onlySecond);
    }

    /// <summary>The two-sided p-value from the discordant counts: min(1, 2·P(X ≤ the smaller)), X ~ Binomial(n, ½).</summary>
    public static double PValue(int onlyFirst, int onlySecond) =>
        Math.Min(1, 2 * Binomial.CDF(p: 0.5, onlyFirst + onlySecond, Math.Min(onlyFirst, onlySecond)));
}
