using TorchSharp;
using Tweedie.Data;
using Tweedie.Platform;
using static TorchSharp.torch;

namespace Tweedie.Training;

/// <summary>
/// The training loop: batches → loss → gradients → clip → AdamW → average → log → evaluate → checkpoint.
/// Each step seeds torch's generator from the run's seed and the step's number, so a resumed run continues exactly.
/// </summary>
public sealed class Trainer(ITrainingTask task, RunConfig config, string resolvedConfig, RunFolder run)
{
    private readonly TrainingOptions _options = config.Training;

    /// <summary>Trains to the end, from the newest checkpoint if <paramref name="resume"/> is set.</summary>
    /// <returns>The last evaluation's metrics.</returns>
    /// <exception cref="OperationCanceledException">Cancelled: the step was finished and a checkpoint saved.</exception>
    /// <exception cref="TweedieException">A file cannot be read or written, or the loss is not finite.</exception>
    public IReadOnlyDictionary<string, double> Run(bool resume, IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default)
    {
        using var state = new TrainingState(task, _options);
        var checkpoints = new CheckpointStore(run.Checkpoints, _options.KeepCheckpoints);
        var step = resume ? Restore(checkpoints, state) : 0;
        var learningRate = LearningRateSchedule.Create(_options, task.BatchesPerEpoch);
        using var log = new MetricsLog(run);
        var meter = new TrainingMeter(_options.Epochs, task.BatchesPerEpoch, _options.BatchSize);
        IReadOnlyDictionary<string, double> metrics = new Dictionary<string, double>();

        while (step < meter.TotalSteps)
        {
            var epoch = (int)(step / task.BatchesPerEpoch);
            task.Network.train();
            foreach (var batch in task.Batches(epoch, (int)(step % task.BatchesPerEpoch), cancellation))
            {
                using (batch)
                {
                    var rate = learningRate.At(step);
                    var (loss, norm) = Step(state, batch, step, rate);
                    step++;
                    meter.Add(loss);
                    if (step % _options.LogEvery == 0 || step == meter.TotalSteps)
                        Report(meter.Report(step, rate, norm), log, progress);
                }
                if (cancellation.IsCancellationRequested)
                {
                    checkpoints.Save(new CheckpointState { Step = step, Config = resolvedConfig }, state);
                    cancellation.ThrowIfCancellationRequested();
                }
            }

            var finished = step == meter.TotalSteps;
            if (finished || (epoch + 1) % _options.CheckpointEpochs == 0)
                checkpoints.Save(new CheckpointState { Step = step, Config = resolvedConfig }, state);
            if (finished || (config.Evaluation.EveryEpochs > 0 && (epoch + 1) % config.Evaluation.EveryEpochs == 0))
            {
                metrics = task.Evaluate(cancellation);
                log.Write(step, metrics);
                progress?.Report(meter.Report(step, learningRate.At(step - 1), 0) with { Metrics = metrics });
            }
        }
        task.SaveModel(run.Model);
        return metrics;
    }

    private (double Loss, double GradientNorm) Step(TrainingState state, ImageBatch batch, long step, double rate)
    {
        using var scope = NewDisposeScope();
        var images = batch.Images.to(task.Device).chunk(_options.Accumulation);
        var labels = batch.Labels.to(task.Device).chunk(_options.Accumulation);
        var total = 0.0;
        state.Parameters.ZeroGradients();
        manual_seed(Seeds.Derive(config.Seed, SeedPurpose.TrainingStep, step));
        for (var micro = 0; micro < images.Length; micro++)
        {
            using var microScope = NewDisposeScope();
            var loss = Loss(images[micro], labels[micro]) / images.Length;
            loss.backward();
            total += loss.ToDouble();
        }
        var norm = state.Parameters.ClipGradients(_options.ClipNorm);
        if (!double.IsFinite(total) || !double.IsFinite(norm))
            throw new TweedieException(
                $"{run.Path}: the loss ({total}) or gradient norm ({norm}) of step {step + 1} is not finite; lower training.learningRate or training.clipNorm, then --resume.");
        state.Optimizer.Step(step + 1, rate);
        state.MovingAverage.Update(step);
        return (total, norm);
    }

    private Tensor Loss(Tensor images, Tensor labels)
    {
        if (_options.Precision == Precision.F32)
            return task.Loss(images, labels);
        using (Autocast.Enter(task.Device, ScalarType.BFloat16))
            return task.Loss(images, labels);
    }

    private static void Report(TrainingProgress report, MetricsLog log, IProgress<TrainingProgress>? progress)
    {
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

    private long Restore(CheckpointStore checkpoints, TrainingState state)
    {
        var latest = checkpoints.Latest
            ?? throw new TweedieException($"{run.Checkpoints}: there is no checkpoint to resume from; start without --resume.");
        var saved = CheckpointStore.ReadState(latest);
        ConfigDifference.Refuse(saved.Config, resolvedConfig, latest);
        CheckpointStore.Load(latest, state);
        return saved.Step;
    }
}
