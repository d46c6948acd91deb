using Tweedie.Models;

namespace Tweedie.Training;

/// <summary>The layout of a run on disk.</summary>
/// <param name="path">The run's folder.</param>
public sealed class RunFolder(string path)
{
    /// <summary>The run's folder.</summary>
    public string Path { get; } = path;

    /// <summary>The run's config, fully resolved.</summary>
    public string Config => System.IO.Path.Combine(Path, ModelPlace.RunConfig);

    /// <summary>The model folder with the averaged weights: what <c>Load</c> takes. <see cref="EvaluationOptions.Keep"/> says which model it is.</summary>
    public string Model => System.IO.Path.Combine(Path, ModelPlace.Model);

    /// <summary>The model of the last evaluation, where <see cref="Model"/> is the best one.</summary>
    public string LastModel => System.IO.Path.Combine(Path, "model-last");

    /// <summary>The model of the best evaluation, where <see cref="Model"/> is the last one.</summary>
    public string BestModel => System.IO.Path.Combine(Path, "model-best");

    /// <summary>The folder of checkpoints.</summary>
    public string Checkpoints => System.IO.Path.Combine(Path, ModelPlace.Checkpoints);

    /// <summary>Whether there is a checkpoint to continue from.</summary>
    public bool HasCheckpoint => new CheckpointStore(Checkpoints, keep: 1).Latest is not null;

    /// <summary>How many processes trained together when the newest checkpoint was written; null where there is none, or it cannot be read.</summary>
    public int? Processes
    {
        get
        {
            try
            {
                return new CheckpointStore(Checkpoints, keep: 1).Latest is { } latest ? CheckpointStore.ReadState(latest).Processes : null;
            }
            catch (TweedieException)
            {
                return null; // a resume says what is wrong with it
            }
        }
    }

    /// <summary>One JSON line per log step.</summary>
    public string Metrics => System.IO.Path.Combine(Path, "metrics.jsonl");

    /// <summary>One JSON line per step whose loss or gradient was not finite (<see cref="NonFiniteStep"/>).</summary>
    public string NonFinite => System.IO.Path.Combine(Path, "non-finite.jsonl");
}
