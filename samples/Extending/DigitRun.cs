using Tweedie.Images;
using Tweedie.Training;
using static TorchSharp.torch;

namespace Extending;

/// <summary>
/// Shows the config of a custom task. <see cref="TrainingTasks.Register"/> makes <c>task: digits</c> a name that configs and checkpoints know; the
/// record then has the keys that the task needs, beside those of every run.
/// </summary>
public sealed record DigitRun : RunConfig
{
    /// <summary>The task's name in configs.</summary>
    public const string Name = "digits";

    /// <inheritdoc/>
    public override string Task { get; init; } = Name;

    /// <summary>The images.</summary>
    public DataOptions Data { get; init; } = new();

    /// <summary>The model; its normalisation comes from the data.</summary>
    public DigitModelOptions Model { get; init; } = new();

    /// <summary>How evaluations sample.</summary>
    public DigitSamplingOptions Sampling { get; init; } = new();

    /// <inheritdoc/>
    public override ITrainingTask CreateTask(Device device, CancellationToken cancellation = default)
    {
        var splits = ImageSplits.Open(Data, Seed, Model.Input.Channels, cancellation: cancellation);
        return new DigitTask(this with { Model = ImageTask.Normalize(Model, Data) }, splits, device);
    }
}
