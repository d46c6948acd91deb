namespace Tweedie.Experiments.Statistics;

/// <summary>How much better one method is than another, in the share of items it gets right or in a score, and how sure that is.</summary>
/// <param name="BySeed">The difference of each seed.</param>
/// <param name="Interval">95 % of the mean difference, by <see cref="CrossedInterval"/>.</param>
/// <param name="Bootstrap">The same by <see cref="PairedBootstrap"/>; too narrow for few seeds that differ.</param>
/// <param name="PValues">McNemar's p of each seed; empty where the difference is not one of two methods.</param>
public sealed record Comparison(IReadOnlyList<double> BySeed, Interval Interval, Interval Bootstrap, IReadOnlyList<double> PValues)
{
    /// <summary>Seeds below which no verdict is given: the spread between trainings would be unknown.</summary>
    public const int MinimumSeeds = 3;

    /// <summary>m: a difference whose interval lies within ±m is called small. It was stated before the studies were run: one point.</summary>
    public const double Margin = 0.01;

    /// <summary>The rule of <see cref="Verdict"/> in words.</summary>
    public static string Rule =>
        "\"Holds\": the 95 % interval of the difference (t interval over seeds and test items, both random) lies above zero; "
        + FormattableString.Invariant($"\"does not hold\": it lies below zero; \"no larger than ±{100 * Margin:0.##}\" (points; stated beforehand): it contains zero and lies within ±{100 * Margin:0.##}; ")
        + $"\"cannot tell\": all else, and fewer than {MinimumSeeds} seeds.";

    /// <summary>Number of test items.</summary>
    public int Items { get; init; }

    /// <summary>Where the variance of the difference comes from; null in records of an older version.</summary>
    public CrossedVariance? Variance { get; init; }

    /// <summary>The mean difference over the seeds.</summary>
    public double Difference => BySeed.Average();

    /// <summary>The verdict on the claim that the difference is positive.</summary>
    public Verdict Verdict =>
        BySeed.Count < MinimumSeeds ? Verdict.CannotTell
        : Interval.Low > 0 ? Verdict.Holds
        : Interval.High < 0 ? Verdict.DoesNotHold
        : Interval.Low > -Margin && Interval.High < Margin ? Verdict.NoLarger
        : Verdict.CannotTell;

    /// <summary>Compares two methods on the same seeds and items.</summary>
    public static Comparison Of(Outcome better, Outcome worse) => Create(
        better.Minus(worse), [.. better.BySeed.Zip(worse.BySeed, (first, second) => McNemar.PValue(first, second))]);

    /// <summary>Compares two gains: (better − from) − (worse − fromWorse).</summary>
    public static Comparison OfGains(Outcome better, Outcome from, Outcome worse, Outcome fromWorse) => Create(
        [.. better.Minus(from).Zip(worse.Minus(fromWorse), (first, second) => first.Zip(second, (a, b) => a - b).ToArray())], []);

    /// <summary>Compares two scores of the same items, seed by seed.</summary>
    public static Comparison OfScores(IReadOnlyList<IReadOnlyList<double>> better, IReadOnlyList<IReadOnlyList<double>> worse) => Create(
        [.. better.Zip(worse, (first, second) => first.Zip(second, (a, b) => a - b).ToArray())], []);

    /// <summary>
    /// What a verdict would take if the difference and its variance stayed as they are: the seeds that suffice on these items, and the items that suffice with
    /// these seeds. The interval must then leave out zero or lie within the margin, whichever is easier.
    /// </summary>
    /// <returns>Null for a number that does not exist; null where the variance is not known.</returns>
    public (int? Seeds, int? Items)? Needed()
    {
        if (Variance is null || BySeed.Count < 2)
            return null;
        var half = Math.Max(Math.Abs(Difference), Margin - Math.Abs(Difference));
        int? Enough(int? seeds) => seeds is { } count ? Math.Max(count, MinimumSeeds) : null;
        return (Enough(Variance.SeedsFor(half, Items)), Variance.ItemsFor(half, BySeed.Count));
    }

    private static Comparison Create(IReadOnlyList<double[]> differences, IReadOnlyList<double> pValues) =>
        new([.. differences.Select(seed => seed.Average())], CrossedInterval.Of(differences), PairedBootstrap.Interval(differences), pValues)
        {
            Items = differences[0].Length,
            Variance = CrossedVariance.Of(differences),
        };
}
