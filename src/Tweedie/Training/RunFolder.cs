namespace Tweedie.Training;

/// <summary>The layout of a run on disk.</summary>
/// <param name="path">The run's folder.</param>
public sealed class RunFolder(string path)
{
    /// <summary>The run's folder.</summary>
    public string Path { get; } = path;

    /// <summary>The run's config, fully resolved.</summary>
    public string Config => System.IO.Path.Combine(Path, "config.yaml");

    /// <summary>The model folder with the averaged weights: what <c>Load</c> takes.</summary>
    public string Model => System.IO.Path.Combine(Path, "model");

    /// <summary>The folder of checkpoints.</summary>
    public string Checkpoints => System.IO.Path.Combine(Path, "checkpoints");

    /// <summary>Whether there is a checkpoint to continue from.</summary>
    public bool HasCheckpoint => new CheckpointStore(Checkpoints, keep: 1).Latest is not null;

    /// <summary>One JSON line per log step.</summary>
    public string Metrics => System.IO.Path.Combine(Path, "metrics.jsonl");

    /// <summary>One JSON line per step whose loss or gradient was not finite (<see cref="NonFiniteStep"/>).</summary>
    public string NonFinite => System.IO.Path.Combine(Path, "non-finite.jsonl");
}
