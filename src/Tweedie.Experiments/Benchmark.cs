using Tweedie.Training;

namespace Tweedie.Experiments;

/// <summary>A data set with the settings that its trainings share.</summary>
public sealed record Benchmark
{
    /// <summary>A short name for files, such as <c>fashion-mnist</c>; also the folder under <c>--data</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The name that readers see.</summary>
    public required string Title { get; init; }

    /// <summary>The shared settings, on which <see cref="Arms.Apply"/> makes its change.</summary>
    public required ClassificationRun Run { get; init; }

    /// <summary>The arms that are trained on it; tables and figures leave out comparisons with other arms.</summary>
    public IReadOnlyList<Arm> Arms { get; init; } = Enum.GetValues<Arm>();

    /// <summary>Whether the variants of TDD are trained on it (<see cref="Paper.Variants"/>).</summary>
    public bool HasVariants { get; init; }

    /// <summary>The training images and classes of a data set that is not at hand, for the plan.</summary>
    public (int Images, int Classes)? PublishedSize { get; init; }

    /// <summary>Epochs of the arms that are trained for longer or shorter than the others.</summary>
    public IReadOnlyDictionary<Arm, int> Epochs { get; init; } = new Dictionary<Arm, int>();

    /// <summary>Whether these arms are all trained on it.</summary>
    public bool Has(params Arm[] arms) => arms.All(Arms.Contains);

    /// <summary>The run of an arm and a seed.</summary>
    public ClassificationRun For(Arm arm, long seed)
    {
        var run = Experiments.Arms.Apply(arm, Run, seed);
        return Epochs.TryGetValue(arm, out var epochs) ? run with { Training = run.Training with { Epochs = epochs } } : run;
    }
}
