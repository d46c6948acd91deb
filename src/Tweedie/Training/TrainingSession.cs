using Tweedie.Configuration;
using Tweedie.Images;
using Tweedie.Models;
using Tweedie.Platform;
using static TorchSharp.torch;

namespace Tweedie.Training;

/// <summary>A run that is ready to train: its folder, its task and its resolved config.</summary>
public sealed class TrainingSession : IDisposable
{
    // The time of a step grows with its images, so a part of a large batch is enough to estimate it.
    private const int MeasuredImages = 256;

    private readonly RunFolder _run;
    private readonly ITrainingTask _task;
    private readonly Trainer _trainer;
    private readonly bool _resume;
    private readonly bool _allowChanges;
    private readonly ICollective? _collective;

    private TrainingSession(RunFolder run, ITrainingTask task, bool resume, bool allowChanges, ICollective? collective)
    {
        (_run, _task, _resume, _allowChanges, _collective) = (run, task, resume, allowChanges, collective);
        _trainer = new Trainer(task, run, collective);
        Parameters = task.Network.parameters().Sum(parameter => parameter.numel());
        Summary = $"{task.Description}, {Parameters:N0} parameters, "
            + $"{Count(task.Config.Training.Epochs, "epoch")} of {Count(task.BatchesPerEpoch, "step")}, {task.Device}"
            + (collective is { Size: > 1 } ? $", {collective.Size} processes over {collective.Name}" : "");
        Warnings = Bf16Products.Warning("training.precision = bf16", task.Config.Training.Precision, task.Device) is { } slow ? [slow, .. task.Warnings] : task.Warnings;
    }

    /// <summary>What is about to be trained, in one line.</summary>
    public string Summary { get; }

    /// <summary>Number of the model's parameters.</summary>
    public long Parameters { get; }

    /// <summary>The bytes of the gradients that a process of several would send per step.</summary>
    public long GradientBytes => _task.Network.parameters().Where(parameter => parameter.requires_grad).Sum(parameter => parameter.numel())
        * (_task.Config.Training.GradientPrecision == Precision.F32 ? sizeof(float) : sizeof(ushort));

    /// <summary>What is wrong with the data or slow on the device but does not prevent training, one sentence each.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>Checks config and run folder and opens the data; nothing is written before <see cref="Run"/>.</summary>
    /// <param name="config">The run's config.</param>
    /// <param name="run">The run's folder; created if absent.</param>
    /// <param name="device">Where to train.</param>
    /// <param name="resume">Whether to continue from the newest checkpoint.</param>
    /// <param name="allowChanges">Whether a resume may have a config that changes the result.</param>
    /// <param name="dryRun">Whether only the <see cref="Plan"/> is wanted: the folder may then hold a run or none.</param>
    /// <param name="collective">The processes that train together, all of which open a session; by default one.</param>
    /// <param name="cancellation">Ends the opening of the data, which may take long.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    /// <exception cref="TweedieException">
    /// The config is invalid or does not fit the data, or the folder already holds a run and <paramref name="resume"/> is not set, or it holds none and
    /// <paramref name="resume"/> is set; or the processes cannot share a batch evenly.
    /// </exception>
    /// <exception cref="OtherProcessException">Another process has failed.</exception>
    public static TrainingSession Open(
        RunConfig config, RunFolder run, Device device, bool resume, bool allowChanges = false, bool dryRun = false, ICollective? collective = null,
        CancellationToken cancellation = default)
    {
        // The first process makes indices and caches of the data; the others find them.
        var processes = collective is null ? ProcessGroup.Alone : new ProcessGroup(collective);
        var first = processes.OnFirst(() => OpenAlone(config, run, device, resume, allowChanges, dryRun, collective, cancellation));
        return processes.Together(() => first ?? OpenAlone(config, run, device, resume, allowChanges, dryRun, collective, cancellation), CancellationToken.None);
    }

    private static TrainingSession OpenAlone(
        RunConfig config, RunFolder run, Device device, bool resume, bool allowChanges, bool dryRun, ICollective? collective, CancellationToken cancellation)
    {
        OptionsValidator.Validate(config, "config");
        config.Training.MicroBatches(collective?.Size ?? 1);
        if (config.Training.Precision == Precision.Bf16 && !Autocast.IsSupported)
            throw new TweedieException("training.precision = bf16: libtorch's autocast cannot be reached on this platform; use f32.");
        if (!dryRun && collective is not { Rank: > 0 }) // the other processes need not see the folder
            new CheckpointStore(run.Checkpoints, config.Training.KeepCheckpoints).CheckStart(resume); // before the data, which may take long to open
        var task = config.CreateTask(device, cancellation);
        try
        {
            RunModels.CheckMetric(task);
            return new TrainingSession(run, task, resume, allowChanges, collective);
        }
        catch
        {
            task.Dispose();
            throw;
        }
    }

    /// <summary>
    /// What the training will do and cost, from a few steps on real batches. Nothing is written but features of a frozen encoder, which the training needs too,
    /// and the session cannot be used afterwards. Where a batch has more than 256 images, a part of at most 256 images is measured, and the time is scaled to
    /// the batch. Where several processes train together, all of them call it, and each measures its share.
    /// </summary>
    /// <param name="measuredSteps">Steps to time.</param>
    /// <param name="progress">Receives how far the features of a frozen encoder are computed.</param>
    /// <param name="cancellation">Ends the measurement after the step.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public TrainingPlan Plan(int measuredSteps = 3, IProgress<FeatureProgress>? progress = null, CancellationToken cancellation = default)
    {
        var training = _task.Config.Training;
        if (training.BatchSize <= MeasuredImages)
            return TrainingPlan.Create(_task, _trainer.MeasureStep(measuredSteps, progress, cancellation));
        // A loss of the whole batch costs more in micro-batches, so two of them are measured. Several processes have one each.
        var processes = _collective?.Size ?? 1;
        var parts = processes > 1 ? processes : _task is IWholeBatchTask && training.Accumulation > 1 ? 2 : 1;
        var images = parts * Math.Clamp(MeasuredImages / parts, 1, training.BatchSize / Math.Max(training.Accumulation, processes));
        var config = _task.Config with { Training = training with { BatchSize = images, Accumulation = parts } };
        using var part = config.CreateTask(_task.Device, cancellation);
        var step = new Trainer(part, _run, _collective).MeasureStep(measuredSteps, progress, cancellation);
        return TrainingPlan.Create(_task, step * ((double)training.BatchSize / images), images);
    }

    /// <summary>Trains to the end; see <see cref="Trainer.Run"/>.</summary>
    public TrainingOutcome Run(IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default)
    {
        using var activity = Telemetry.Train(_task.Config.Task);
        return _trainer.Run(_resume, _allowChanges, progress, cancellation);
    }

    /// <summary>Trains to the end on a thread of its own, outside of the pool; see <see cref="Trainer.Run"/>.</summary>
    /// <param name="progress">Receives steps, evaluations and warnings, on the thread that trains.</param>
    /// <param name="cancellation">Ends the training after the step.</param>
    public Task<TrainingOutcome> RunAsync(IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default) =>
        OwnThread.Run(() => Run(progress, cancellation), cancellation);

    private static string Count(int number, string what) => number == 1 ? $"1 {what}" : $"{number} {what}s";

    /// <inheritdoc/>
    public void Dispose() => _task.Dispose();
}
