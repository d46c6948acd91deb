namespace Tweedie.Sampling;

/// <summary>
/// The random numbers of sampling: each is a function of its item's seed, the step, the purpose and its place in the item (<see cref="CounterNoise"/>). The
/// numbers of an item depend neither on its batch nor on the draws of other items.
/// </summary>
/// <param name="seeds">The seed of each item, B of them.</param>
public sealed class ItemStreams(IReadOnlyList<long> seeds)
{
    /// <summary>B.</summary>
    public int Count => seeds.Count;

    /// <summary>The seeds of items: a function of the sampling's seed, the item and the draw.</summary>
    /// <param name="seed">The sampling's seed.</param>
    /// <param name="items">What tells the items apart, such as their index in a data set.</param>
    /// <param name="draws">Trajectories of each item, side by side.</param>
    /// <param name="firstDraw">The number of the first draw.</param>
    public static IReadOnlyList<long> Seeds(long seed, IReadOnlyList<int> items, int draws = 1, int firstDraw = 0) =>
        [.. items.SelectMany(item => Enumerable.Range(firstDraw, draws).Select(draw => Tweedie.Seeds.Derive(seed, SeedPurpose.Sample, item, draw)))];

    /// <summary>The numbers of an item in a step, for a purpose.</summary>
    /// <param name="item">The item, 0..B−1.</param>
    /// <param name="step">The 0-based number of the step; −1 is the start, before the first step.</param>
    /// <param name="purpose">What they are for.</param>
    public CounterNoise Of(int item, int step, NoisePurpose purpose) => new(seeds[item], step + 1, (int)purpose);

    /// <summary>Fills the same number of normal numbers for each item, the items one after the other.</summary>
    /// <param name="step">The step.</param>
    /// <param name="purpose">What they are for.</param>
    /// <param name="numbers">Room for the numbers of B items.</param>
    public void FillNormal(int step, NoisePurpose purpose, Span<float> numbers)
    {
        var length = numbers.Length / seeds.Count;
        for (var item = 0; item < seeds.Count; item++)
            Of(item, step, purpose).FillNormal(numbers.Slice(item * length, length));
    }
}
