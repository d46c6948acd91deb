using Tweedie.Experiments.Statistics;

namespace Tweedie.Experiments.Comparisons;

/// <summary>How two models differ in a metric on the same items.</summary>
/// <param name="First">The number of the first model, from 0 on.</param>
/// <param name="Second">The number of the second model.</param>
/// <param name="Metric">The metric.</param>
/// <param name="Difference">The second's mean minus the first's.</param>
/// <param name="Interval">95 % of the difference, over items (<see cref="PairedBootstrap"/>).</param>
/// <param name="PValue">The two-sided p-value.</param>
/// <param name="Test">The test that gives it: McNemar's where each item is right or wrong, else random signs.</param>
public sealed record PairedComparison(int First, int Second, string Metric, double Difference, Interval Interval, double PValue, PairedTest Test)
{
    /// <summary>Compares every model with each before it, in every metric that both have.</summary>
    /// <param name="models">Each model's scores by metric and item: the same items in the same order.</param>
    /// <exception cref="TweedieException">Two models were not measured on the same number of items.</exception>
    public static IReadOnlyList<PairedComparison> OfAll(IReadOnlyList<IReadOnlyDictionary<string, double[]>> models) =>
    [
        .. from second in Enumerable.Range(0, models.Count)
           from first in Enumerable.Range(0, second)
           from metric in models[first].Keys.Where(models[second].ContainsKey)
           select Of(first, second, metric, models[first][metric], models[second][metric]),
    ];

    /// <summary>Compares two models in a metric.</summary>
    /// <exception cref="TweedieException">They were not measured on the same number of items.</exception>
    public static PairedComparison Of(int first, int second, string metric, IReadOnlyList<double> firstScores, IReadOnlyList<double> secondScores)
    {
        ArgumentNullException.ThrowIfNull(firstScores);
        ArgumentNullException.ThrowIfNull(secondScores);
        if (firstScores.Count != secondScores.Count || firstScores.Count == 0)
            throw new TweedieException($"The models were measured on {firstScores.Count} and {secondScores.Count} items; compare them on the same items.");
        double[] differences = [.. secondScores.Zip(firstScores, (b, a) => b - a)];
        var rightOrWrong = firstScores.Concat(secondScores).All(score => score is 0 or 1);
        return new(first, second, metric, differences.Average(), PairedBootstrap.Interval([differences]),
            rightOrWrong ? McNemar.PValue(differences.Count(value => value < 0), differences.Count(value => value > 0)) : SignFlips.PValue(differences),
            rightOrWrong ? PairedTest.McNemar : PairedTest.SignFlips);
    }
}

/// <summary>A test of two models on the same items.</summary>
public enum PairedTest
{
    /// <summary>McNemar's exact test.</summary>
    McNemar,
    /// <summary>The permutation test by random signs.</summary>
    SignFlips,
}
