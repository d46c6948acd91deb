namespace Tweedie.Experiments.Statistics;

/// <summary>
/// The percentile bootstrap of a mean difference (Efron 1979) between two methods that share their test items and seeds. Both are drawn
/// anew with replacement. Few seeds have few resamples (27 of three), so the interval is too narrow where seeds differ more than items. Verdicts therefore
/// use <see cref="CrossedInterval"/>.
/// </summary>
public static class PairedBootstrap
{
    private const int Resamples = 2000;
    private const double Tail = 0.025;

    /// <summary>The 95 % interval of the mean difference.</summary>
    /// <param name="differences">For each seed, the differences on each test item, in the same order for every seed.</param>
    public static Interval Interval(IReadOnlyList<double[]> differences)
    {
        var items = differences[0].Length;
        if (differences.Any(seed => seed.Length != items))
            throw new ArgumentException("The seeds differ in their number of items.", nameof(differences));
        var random = new SampleRandom(seed: 1);
        var means = new double[Resamples];
        foreach (ref var mean in means.AsSpan())
            mean = Resample(differences, random);
        Array.Sort(means);
        return new(means[(int)(Tail * Resamples)], means[(int)((1 - Tail) * Resamples) - 1]);
    }

    private static double Resample(IReadOnlyList<double[]> differences, SampleRandom random)
    {
        var (seeds, items) = (differences.Count, differences[0].Length);
        var chosen = new double[seeds][];
        foreach (ref var seed in chosen.AsSpan())
            seed = differences[random.NextInt(seeds)];
        var sum = 0.0;
        for (var i = 0; i < items; i++)
        {
            var item = random.NextInt(items);
            foreach (var seed in chosen)
                sum += seed[item];
        }
        return sum / (seeds * (double)items);
    }
}
