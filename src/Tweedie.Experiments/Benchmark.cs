using Tweedie.Training;

namespace Tweedie.Experiments;

/// <summary>A data set with the settings that its trainings share.</summary>
public sealed record Benchmark
{
    /// <summary>A short name for files, such as <c>fashion-mnist</c>; also the folder under <c>--data</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What readers call it.</summary>
    public required string Title { get; init; }

    /// <summary>The shared settings, on which <see cref="Arms.Apply"/> makes its change.</summary>
    public required ClassificationRun Run { get; init; }

    /// <summary>Whether the ablations of the paper are run on it, besides the main comparison.</summary>
    public bool Ablations { get; init; } = true;

    /// <summary>The training images and classes of a data set that is not at hand, for the plan.</summary>
    public (int Images, int Classes)? PublishedSize { get; init; }

    /// <summary>Epochs of arms that are trained for another time than the others.</summary>
    public IReadOnlyDictionary<Arm, int> Epochs { get; init; } = new Dictionary<Arm, int>();

    /// <summary>The run of an arm and a seed.</summary>
    public ClassificationRun For(Arm arm, long seed)
    {
        var run = arm.Apply(Run, seed);
        return Epochs.TryGetValue(arm, out var epochs) ? run with { Training = run.Training with { Epochs = epochs } } : run;
    }
}
