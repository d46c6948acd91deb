using Tweedie.Experiments.Cells;
using Tweedie.Training;

namespace Tweedie.Experiments;

/// <summary>A task whose items are rows of several tokens that must agree: attributes of an image, puzzles.</summary>
public sealed record RowBenchmark
{
    /// <summary>A short name for files.</summary>
    public required string Name { get; init; }

    /// <summary>The name that readers see.</summary>
    public required string Title { get; init; }

    /// <summary>The training: an <see cref="AnnotationRun"/> or a <see cref="TokensRun"/>, whose model is sampled by the paper's loop.</summary>
    public required RunConfig Run { get; init; }

    /// <summary>The test items: generated data, or a path.</summary>
    public required string Test { get; init; }

    /// <summary>The total correlation of a row's tokens, in bits: the sum of the tokens' entropies minus the entropy of the row.</summary>
    public required double Correlation { get; init; }

    /// <summary>How <see cref="Correlation"/> is known, and what is left of it once the condition is seen.</summary>
    public required string How { get; init; }

    /// <summary>Number of sampling steps.</summary>
    public int Steps { get; init; } = 20;

    /// <summary>What the model of a seed gets right.</summary>
    public RowCell Solved(long seed) => new(new TrainingCell(Run with { Seed = seed }, $"{Title}: TDD"), Test, Steps);
}
