namespace Tweedie.Experiments.Statistics;

/// <summary>What a method got right: for each seed, each test item in the same order.</summary>
/// <param name="BySeed">One array per seed.</param>
public sealed record Outcome(IReadOnlyList<bool[]> BySeed)
{
    /// <summary>The share of items it got right, over the seeds.</summary>
    public Summary Accuracy => Summary.Of([.. BySeed.Select(seed => seed.Count(right => right) / (double)seed.Length)]);

    /// <summary>The difference to another method on each item: 1, 0 or −1.</summary>
    internal IReadOnlyList<double[]> Minus(Outcome other) =>
        [.. BySeed.Zip(other.BySeed, (first, second) => first.Zip(second, (a, b) => (a ? 1.0 : 0) - (b ? 1.0 : 0)).ToArray())];
}
