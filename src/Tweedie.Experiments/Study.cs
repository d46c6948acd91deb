using Tweedie.Experiments.Cells;
using Tweedie.Sampling;

namespace Tweedie.Experiments;

/// <summary>What is reproduced: the data sets and settings of a scale, and the seeds. Gives the cells that tables and figures share.</summary>
public sealed record Study
{
    /// <summary>The scale.</summary>
    public required ScaleKind Scale { get; init; }

    /// <summary>The data sets.</summary>
    public required IReadOnlyList<Benchmark> Benchmarks { get; init; }

    /// <summary>The captioned data sets.</summary>
    public required IReadOnlyList<CaptionBenchmark> Captions { get; init; }

    /// <summary>Number of seeds of the classifiers: 1, 2, ….</summary>
    public required int Seeds { get; init; }

    /// <summary>Numbers of sampling steps of Fig. 5.</summary>
    public IReadOnlyList<int> StepCounts { get; init; } = [1, 2, 5, 10, 20, 50];

    /// <summary>Steps of all other comparisons: the paper's best (Fig. 5).</summary>
    public int Steps { get; init; } = 20;

    /// <summary>Whether figures and tables show measured times too; these differ from run to run, all else is the same to the digit.</summary>
    public bool ShowsTime { get; init; }

    /// <summary>The tasks whose items are rows of several tokens that must agree.</summary>
    public IReadOnlyList<RowBenchmark> Rows { get; init; } = [];

    /// <summary>The guidance scale, fixed before the models of a study are trained; the paper does not state its own.</summary>
    public double Guidance { get; init; } = 3;

    /// <summary>The seeds.</summary>
    public IEnumerable<long> SeedValues => Enumerable.Range(1, Seeds).Select(seed => (long)seed);

    /// <summary>Number of seeds of the variants: the first ones.</summary>
    public int VariantSeeds => Math.Min(Seeds, 5);

    /// <summary>The number of seeds in words.</summary>
    public string SeedCount => Seeds == 1 ? "one seed" : $"mean and range over {Seeds} seeds";

    /// <summary>The data sets on which these arms are all trained.</summary>
    public IEnumerable<Benchmark> BenchmarksWith(params Arm[] arms) => Benchmarks.Where(benchmark => benchmark.Has(arms));

    /// <summary>The study on some of its data sets alone.</summary>
    /// <param name="names">Their names, such as <c>cifar10</c>; none means all.</param>
    /// <exception cref="TweedieException">A name is unknown.</exception>
    public Study Only(IReadOnlyCollection<string> names)
    {
        var known = Benchmarks.Select(benchmark => benchmark.Name).Concat(Captions.Select(benchmark => benchmark.Name)).Concat(Rows.Select(benchmark => benchmark.Name)).ToList();
        if (names.Except(known).FirstOrDefault() is { } unknown)
            throw new TweedieException($"--only {OneLine.Of(unknown)}: no data set of scale {Scale.ToString().ToLowerInvariant()}; use {string.Join(", ", known)}.");
        return names.Count == 0 ? this : Where(name => names.Contains(name));
    }

    /// <summary>The study on the data sets whose names fit; that may be none.</summary>
    internal Study Where(Func<string, bool> fits) => this with
    {
        Benchmarks = [.. Benchmarks.Where(benchmark => fits(benchmark.Name))],
        Captions = [.. Captions.Where(benchmark => fits(benchmark.Name))],
        Rows = [.. Rows.Where(benchmark => fits(benchmark.Name))],
    };

    /// <summary>The training of an arm and seed.</summary>
    public static TrainingCell Training(Benchmark benchmark, Arm arm, long seed) =>
        new(benchmark.For(arm, seed), $"{benchmark.Title}: {arm.Title()}");

    /// <summary>The study's usual sampling, or with other steps, guidance or to-one rule.</summary>
    public SamplingOptions Sampling(int? steps = null, double? guidance = null, ToOneKind toOne = ToOneKind.Argmax, bool control = false) =>
        new() { Steps = steps ?? Steps, Guidance = guidance ?? Guidance, ToOne = toOne, Control = control };

    /// <summary>One sampling of an arm's model, for each seed.</summary>
    public IReadOnlyList<SamplingCell> Samplings(Benchmark benchmark, Arm arm, SamplingOptions sampling) =>
        [.. SeedValues.Select(seed => new SamplingCell(Training(benchmark, arm, seed), arm.HasHead() ? null : sampling with { Seed = seed }))];
}
