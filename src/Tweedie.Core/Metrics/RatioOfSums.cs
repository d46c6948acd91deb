namespace Tweedie.Metrics;

/// <summary>The mean of something per unit, over groups of different size: Σ sum / Σ units, such as nats per word over sentences.</summary>
/// <param name="Value">The ratio.</param>
/// <param name="StandardError">
/// Its standard error over the groups, to first order: √(n/(n−1)·Σ (sum − ratio·units)²)/Σ units. With groups of one size it is that of the mean. Null for one group.
/// </param>
public sealed record RatioOfSums(double Value, double? StandardError)
{
    /// <summary>The ratio of the sums of groups.</summary>
    /// <param name="sums">The sum of each group, at least one.</param>
    /// <param name="units">The units of each group, not all 0.</param>
    /// <exception cref="ArgumentException">There is no group, their numbers differ, or there are no units.</exception>
    public static RatioOfSums Of(IReadOnlyList<double> sums, IReadOnlyList<double> units)
    {
        ArgumentNullException.ThrowIfNull(sums);
        ArgumentNullException.ThrowIfNull(units);
        var (count, total) = (sums.Count, units.Sum());
        if (count == 0 || count != units.Count || total == 0)
            throw new ArgumentException($"{count} sums of {units.Count} groups with {total} units have no ratio.", nameof(sums));
        var ratio = sums.Sum() / total;
        var squares = sums.Zip(units, (sum, unit) => Math.Pow(sum - ratio * unit, 2)).Sum();
        return new(ratio, count == 1 ? null : Math.Sqrt(squares * count / (count - 1)) / total);
    }
}
