using Tweedie.Experiments.Statistics;

namespace Tweedie.Experiments.Exhibits;

/// <summary>Numbers as tables show them.</summary>
public static class Show
{
    /// <summary>An accuracy in percent, such as 82.31 ± 0.08.</summary>
    public static string Percent(Summary summary) => summary.Deviation is { } deviation
        ? FormattableString.Invariant($"{100 * summary.Mean:F2} ± {100 * deviation:F2}") : FormattableString.Invariant($"{100 * summary.Mean:F2}");

    /// <summary>A difference in percentage points, with its sign.</summary>
    public static string Points(double difference) => FormattableString.Invariant($"{100 * difference:+0.00;−0.00;0.00}");

    /// <summary>An interval of a difference in percentage points.</summary>
    public static string Points(Interval interval) => $"[{Points(interval.Low)}, {Points(interval.High)}]";

    /// <summary>p-values, one per seed.</summary>
    public static string PValues(IEnumerable<double> values) => string.Join(", ", values.Select(
        value => value < 0.001 ? "< 0.001" : FormattableString.Invariant($"{value:F3}")));

    /// <summary>A verdict in words.</summary>
    public static string Words(Verdict verdict) => verdict switch
    {
        Verdict.Holds => "holds",
        Verdict.DoesNotHold => "does not hold",
        Verdict.NoLarger => FormattableString.Invariant($"no larger than ±{100 * Comparison.Margin:0.##}"),
        _ => "cannot tell",
    };

    /// <summary>What would change a verdict of "cannot tell", or the half-width of the interval where there is another verdict.</summary>
    public static string Needed(Comparison comparison)
    {
        var half = (comparison.Interval.High - comparison.Interval.Low) / 2;
        if (comparison.Verdict != Verdict.CannotTell)
            return FormattableString.Invariant($"a difference of {100 * half:F2} or more would show");
        if (comparison.Needed() is not { } needed)
            return $"at least {Comparison.MinimumSeeds} seeds";
        var seeds = needed.Seeds is { } count ? FormattableString.Invariant($"{count:N0} seeds on these {comparison.Items:N0} items") : $"no number of seeds on these {comparison.Items:N0} items";
        var items = needed.Items is { } number ? FormattableString.Invariant($"{number:N0} items with these {comparison.BySeed.Count} seeds") : $"no number of items with these {comparison.BySeed.Count} seeds";
        return $"{seeds}, or {items}";
    }

    /// <summary>A number of parameters, such as 110.8 M or 131 k.</summary>
    public static string Parameters(long count) => count >= 1_000_000
        ? FormattableString.Invariant($"{count / 1e6:F1} M") : FormattableString.Invariant($"{count / 1e3:F0} k");
}
