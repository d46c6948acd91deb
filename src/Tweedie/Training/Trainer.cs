using System.Diagnostics;
using TorchSharp;
using Tweedie.Configuration;
using Tweedie.Data;
using Tweedie.Formats;
using Tweedie.Platform;
using static TorchSharp.torch;

namespace Tweedie.Training;

/// <summary>
/// The training loop: batches → loss → gradients → clip → AdamW → average → log → evaluate → checkpoint.
/// Each step seeds torch's generator from the run's seed and the step's number, so a resumed run continues exactly.
/// </summary>
/// <param name="task">What is trained.</param>
/// <param name="run">The run's folder.</param>
public sealed class Trainer(ITrainingTask task, RunFolder run)
{
    private readonly RunConfig _config = task.Config;
    private readonly TrainingOptions _options = task.Config.Training;

    /// <summary>Trains to the end, from the newest checkpoint if <paramref name="resume"/> is set.</summary>
    /// <returns>The last evaluation's metrics.</returns>
    /// <exception cref="OperationCanceledException">Cancelled: the step was finished and a checkpoint saved.</exception>
    /// <exception cref="TweedieException">
    /// The folder holds a run already, or on resume none, or one of another config; a file cannot be read or written; the loss is not finite.
    /// </exception>
    public IReadOnlyDictionary<string, double> Run(bool resume, IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default)
    {
        var checkpoints = new CheckpointStore(run.Checkpoints, _options.KeepCheckpoints);
        var checkpoint = checkpoints.Start(resume);
        using var state = new TrainingState(task, _options);
        var step = checkpoint is null ? 0 : Restore(checkpoint, state);
        Folder.Create(run.Path);
        AtomicFile.WriteText(run.Config, ConfigWriter.ToYaml(_config));
        var log = new MetricsLog(run);
        var meter = new TrainingMeter(_options.Epochs, task.BatchesPerEpoch, _options.BatchSize, step);
        var learningRate = LearningRateSchedule.Create(_options, task.BatchesPerEpoch);
        var totalSteps = meter.Progress.TotalSteps;
        var badImages = new BadImageReport();
        IReadOnlyDictionary<string, double> metrics;
        try
        {
            if (checkpoint is not null && IsEvaluationDue(step, totalSteps)) // the run may have ended between checkpoint and evaluation
                Evaluate(meter, log, progress, cancellation);
            while (step < totalSteps)
            {
                var epoch = (int)(step / task.BatchesPerEpoch);
                task.Network.train();
                foreach (var batch in task.Batches(epoch, (int)(step % task.BatchesPerEpoch), cancellation))
                {
                    using (batch)
                    {
                        foreach (var warning in badImages.Add(batch.BadImages))
                            progress?.Report(meter.Progress with { Warning = warning });
                        var rate = learningRate.At(step);
                        var (loss, norm) = Step(state, batch, step, rate);
                        step++;
                        meter.Add(loss, rate, norm);
                    }
                    if (step % _options.LogEvery == 0 || step == totalSteps)
                        Report(meter, log, progress);
                    cancellation.ThrowIfCancellationRequested();
                }
                if (badImages.EndEpoch() is > 0 and var count)
                    log.Write(step, new Dictionary<string, double> { ["badImages"] = count });
                if ((epoch + 1) % _options.CheckpointEpochs == 0 || step == totalSteps)
                    Save(checkpoints, step, state);
                if (IsEvaluationDue(step, totalSteps))
                    Evaluate(meter, log, progress, cancellation);
            }
            metrics = Evaluate(meter, log, progress, cancellation);
        }
        catch (OperationCanceledException)
        {
            Save(checkpoints, step, state);
            throw;
        }
        task.SaveModel(run.Model);
        return metrics;
    }

    /// <summary>Takes a few steps on real batches to learn what one costs; nothing is written and the task's weights are not to be used after.</summary>
    /// <param name="steps">Steps to time; one more is taken first, to warm up.</param>
    /// <returns>The median time of a step, reading its batch included.</returns>
    public TimeSpan MeasureStep(int steps)
    {
        using var state = new TrainingState(task, _options);
        task.Network.train();
        var times = new List<TimeSpan>();
        var watch = Stopwatch.StartNew();
        foreach (var batch in Enumerable.Range(0, int.MaxValue).SelectMany(epoch => task.Batches(epoch, 0, CancellationToken.None)).Take(steps + 1))
        {
            using (batch)
                Step(state, batch, times.Count, rate: 0);
            times.Add(watch.Elapsed);
            watch.Restart();
        }
        return times.Skip(1).Order().ElementAt(steps / 2);
    }

    private bool IsEvaluationDue(long step, long totalSteps)
    {
        var (epochs, every) = (step / task.BatchesPerEpoch, _config.Evaluation.EveryEpochs);
        return step % task.BatchesPerEpoch == 0 && step < totalSteps && every > 0 && epochs > 0 && epochs % every == 0;
    }

    private (double Loss, double GradientNorm) Step(TrainingState state, ImageBatch batch, long step, double rate)
    {
        using var scope = NewDisposeScope();
        var images = batch.Images.to(task.Device).chunk(_options.Accumulation);
        var targets = batch.Targets.to(task.Device).chunk(_options.Accumulation);
        var total = 0.0;
        state.Parameters.ZeroGradients();
        manual_seed(Seeds.Derive(_config.Seed, SeedPurpose.TrainingStep, step));
        for (var micro = 0; micro < images.Length; micro++)
        {
            using var microScope = NewDisposeScope();
            var loss = Loss(images[micro], targets[micro]) / images.Length;
            loss.backward();
            total += loss.ToDouble();
        }
        var norm = state.Parameters.ClipGradients(_options.ClipNorm);
        if (!double.IsFinite(total) || !double.IsFinite(norm))
            throw new TweedieException(
                $"{run.Path}: the loss ({total}) or gradient norm ({norm}) of step {step + 1} is not finite; "
                + $"train in another --out with less than training.learningRate = {_options.LearningRate}.");
        state.Optimizer.Step(step + 1, rate);
        state.MovingAverage.Update(step);
        return (total, norm);
    }

    private Tensor Loss(Tensor images, Tensor targets)
    {
        if (_options.Precision == Precision.F32)
            return task.Loss(images, targets);
        using (Autocast.Enter(task.Device, ScalarType.BFloat16))
            return task.Loss(images, targets);
    }

    private static void Report(TrainingMeter meter, MetricsLog log, IProgress<TrainingProgress>? progress)
    {
        var report = meter.Progress;
        meter.Restart();
        log.Write(report.Step, new Dictionary<string, double>
        {
            ["epoch"] = report.Epoch,
            ["loss"] = report.Loss,
            ["learningRate"] = report.LearningRate,
            ["gradientNorm"] = report.GradientNorm,
            ["imagesPerSecond"] = report.ImagesPerSecond,
        });
        progress?.Report(report);
    }

    private IReadOnlyDictionary<string, double> Evaluate(TrainingMeter meter, MetricsLog log, IProgress<TrainingProgress>? progress, CancellationToken cancellation)
    {
        meter.Pause();
        var metrics = task.Evaluate(cancellation);
        meter.Continue();
        if (metrics.Count > 0)
        {
            log.Write(meter.Progress.Step, metrics);
            progress?.Report(meter.Progress with { Metrics = metrics });
        }
        return metrics;
    }

    private void Save(CheckpointStore checkpoints, long step, TrainingState state) =>
        checkpoints.Save(step, _config, state);

    private long Restore(string checkpoint, TrainingState state)
    {
        ConfigDifference.Refuse(CheckpointStore.ReadConfig(checkpoint), _config, checkpoint);
        CheckpointStore.Load(checkpoint, state);
        return CheckpointStore.ReadState(checkpoint).Step;
    }
}
