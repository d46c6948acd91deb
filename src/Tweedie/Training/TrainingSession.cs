using Tweedie.Configuration;
using Tweedie.Platform;
using static TorchSharp.torch;

namespace Tweedie.Training;

/// <summary>A run that is ready to train: its folder, its task and its resolved config.</summary>
public sealed class TrainingSession : IDisposable
{
    private readonly ITrainingTask _task;
    private readonly Trainer _trainer;
    private readonly bool _resume;
    private readonly bool _allowChanges;

    private TrainingSession(RunFolder run, ITrainingTask task, bool resume, bool allowChanges)
    {
        (_task, _resume, _allowChanges) = (task, resume, allowChanges);
        _trainer = new Trainer(task, run);
        Parameters = task.Network.parameters().Sum(parameter => parameter.numel());
        Summary = $"{task.Description}, {Parameters:N0} parameters, "
            + $"{task.Config.Training.Epochs} epochs of {task.BatchesPerEpoch} steps, {task.Device}";
        Warnings = Bf16Products.Warning("training.precision = bf16", task.Config.Training.Precision, task.Device) is { } slow ? [slow, .. task.Warnings] : task.Warnings;
    }

    /// <summary>What is about to be trained, in one line.</summary>
    public string Summary { get; }

    /// <summary>Number of the model's parameters.</summary>
    public long Parameters { get; }

    /// <summary>What is wrong with the data or slow on the device but does not prevent training, one sentence each.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>Checks config and run folder and opens the data; nothing is written before <see cref="Run"/>.</summary>
    /// <param name="config">The run's config.</param>
    /// <param name="run">The run's folder; created if absent.</param>
    /// <param name="device">Where to train.</param>
    /// <param name="resume">Whether to continue from the newest checkpoint.</param>
    /// <param name="allowChanges">Whether a resume may have a config that changes the result.</param>
    /// <exception cref="TweedieException">
    /// The config is invalid or does not fit the data, or the folder already holds a run and <paramref name="resume"/> is not set,
    /// or holds none and it is.
    /// </exception>
    public static TrainingSession Open(RunConfig config, RunFolder run, Device device, bool resume, bool allowChanges = false)
    {
        OptionsValidator.Validate(config, "config");
        if (config.Training.Precision == Precision.Bf16 && !Autocast.IsSupported)
            throw new TweedieException("training.precision = bf16: libtorch's autocast cannot be reached on this platform; use f32.");
        new CheckpointStore(run.Checkpoints, config.Training.KeepCheckpoints).CheckStart(resume); // before the data, which may take long to open
        return new TrainingSession(run, config.CreateTask(device), resume, allowChanges);
    }

    /// <summary>What the training will do and cost, from a few steps on real batches. The session is spent after it; nothing is written.</summary>
    public TrainingPlan Plan(int measuredSteps = 3) => TrainingPlan.Create(_task, _trainer.MeasureStep(measuredSteps));

    /// <summary>Trains to the end; see <see cref="Trainer.Run"/>.</summary>
    public IReadOnlyDictionary<string, double> Run(IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default) =>
        _trainer.Run(_resume, _allowChanges, progress, cancellation);

    /// <inheritdoc/>
    public void Dispose() => _task.Dispose();
}
