using System.Diagnostics;
using Tweedie.Configuration;
using Tweedie.Images;
using Tweedie.Platform;
using Tweedie.Storage;
using static TorchSharp.torch;

namespace Tweedie.Training;

/// <summary>
/// The training loop: batches → loss → gradients → clip → AdamW → average → log → evaluate → checkpoint.
/// Each micro-batch seeds torch's generator from the run's seed, the step's number and its own number, so a resumed run continues exactly.
/// </summary>
/// <param name="task">What is trained.</param>
/// <param name="run">The run's folder.</param>
/// <param name="collective">The processes that train together; by default one.</param>
public sealed class Trainer(ITrainingTask task, RunFolder run, ICollective? collective = null)
{
    private readonly RunConfig _config = task.Config;
    private readonly TrainingOptions _options = task.Config.Training;
    private readonly ICollective _collective = collective ?? new SingleProcess();
    private readonly BatchGradients _gradients = new(task, task.Config.Training.Precision, collective ?? new SingleProcess());
    private readonly LearningRateSchedule _learningRate = LearningRateSchedule.Create(task.Config.Training, task.BatchesPerEpoch);
    private readonly NonFiniteSteps _nonFinite = new(run, task.Config.Training);
    private readonly RunModels _models = new(run, task);

    /// <summary>Trains to the end, from the newest whole checkpoint if <paramref name="resume"/> is set.</summary>
    /// <param name="resume">Whether to continue the run in the folder.</param>
    /// <param name="allowChanges">Whether a resume may have a config that changes the result.</param>
    /// <param name="progress">Receives steps, evaluations and warnings.</param>
    /// <param name="cancellation">Ends the training after the step.</param>
    /// <returns>What came out of it.</returns>
    /// <exception cref="OperationCanceledException">Cancelled: the step was finished and a checkpoint saved.</exception>
    /// <exception cref="TweedieException">
    /// The folder already holds a run, or on resume it holds none or one with another config; another process works in the folder; a file cannot be read or
    /// written; the loss is not finite; or the memory does not suffice. Earlier checkpoints are whole.
    /// </exception>
    public TrainingOutcome Run(
        bool resume, bool allowChanges = false, IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default)
    {
        using var runLock = RunLock.Hold(run);
        var checkpoints = new CheckpointStore(run.Checkpoints, _options.KeepCheckpoints);
        checkpoints.CheckStart(resume);
        using var state = new TrainingState(task, _options);
        var warnings = resume ? Restore(checkpoints, state, allowChanges) : [];
        _models.Arrange();
        AtomicFile.WriteText(run.Config, ConfigWriter.ToYaml(_config));
        var meter = new TrainingMeter(_options.Epochs, task.BatchesPerEpoch, _options.BatchSize, state.Counters);
        var report = new TrainingReporter(meter, new MetricsLog(run), progress);
        report.Start();
        meter.Pause();
        task.Prepare(report, cancellation);
        meter.Continue();
        foreach (var warning in warnings)
            report.Warn(warning);

        var totalSteps = meter.Progress.TotalSteps;
        IReadOnlyDictionary<string, double> metrics;
        try
        {
            if (resume && IsEvaluationDue(state.Step, totalSteps)) // the run may have ended between checkpoint and evaluation
                Evaluate(state, report, cancellation);
            while (state.Step < totalSteps)
            {
                var epoch = (int)(state.Step / task.BatchesPerEpoch);
                task.Network.train();
                foreach (var batch in task.Batches(epoch, (int)(state.Step % task.BatchesPerEpoch), cancellation))
                {
                    using (batch)
                        TakeStep(batch, state, meter, report);
                    if (state.Step % _options.LogEvery == 0 || state.Step == totalSteps)
                        report.Steps();
                    cancellation.ThrowIfCancellationRequested();
                }
                report.EndEpoch();
                if ((epoch + 1) % _options.CheckpointEpochs == 0 || state.Step == totalSteps)
                    Save(checkpoints, state, meter);
                if (IsEvaluationDue(state.Step, totalSteps))
                    Evaluate(state, report, cancellation);
            }
            metrics = Evaluate(state, report, cancellation);
            task.Finish(run.Model, cancellation);
        }
        catch (OperationCanceledException)
        {
            Save(checkpoints, state, meter);
            throw;
        }
        return new(metrics, state.Counters.Best, state.Step * _options.BatchSize, meter.TrainingTime);
    }

    /// <summary>
    /// Takes a few steps on real batches to measure the cost of one. Nothing is written but what <see cref="ITrainingTask.Prepare"/> keeps, and the task's weights
    /// must not be used afterwards.
    /// </summary>
    /// <param name="steps">Steps to time; one more is taken first, to warm up.</param>
    /// <param name="progress">Receives how far the preparation is.</param>
    /// <param name="cancellation">Ends the measurement after the step.</param>
    /// <returns>The median time of a step, reading its batch included.</returns>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public TimeSpan MeasureStep(int steps, IProgress<FeatureProgress>? progress = null, CancellationToken cancellation = default)
    {
        using var state = new TrainingState(task, _options);
        task.Prepare(progress, cancellation);
        task.Network.train();
        var times = new List<TimeSpan>();
        var watch = Stopwatch.StartNew();
        foreach (var batch in Enumerable.Range(0, int.MaxValue).SelectMany(epoch => task.Batches(epoch, 0, cancellation)).Take(steps + 1))
        {
            using (batch)
                ComputeGradients(batch, state);
            cancellation.ThrowIfCancellationRequested();
            state.Update(learningRate: 0);
            times.Add(watch.Elapsed);
            watch.Restart();
        }
        return times.Skip(1).Order().ElementAt(steps / 2);
    }

    /// <summary>Takes a step, which changes the weights by its gradients. A step whose loss or gradients are not finite is left out.</summary>
    /// <exception cref="TweedieException">The gradients are not finite and the policy is to stop, or the memory does not suffice.</exception>
    private void TakeStep(TokenBatch batch, TrainingState state, TrainingMeter meter, TrainingReporter report)
    {
        report.BadImages(batch.BadSamples);
        var rate = _learningRate.At(state.Step);
        var (loss, norm) = ComputeGradients(batch, state);
        if (double.IsFinite(loss) && double.IsFinite(norm))
        {
            state.Update(rate);
            meter.Add(loss, rate, norm);
            return;
        }
        var step = new NonFiniteStep(state.Step + 1, (int)(state.Step / task.BatchesPerEpoch), (int)(state.Step % task.BatchesPerEpoch), SeedOf(state.Step, 0), loss, norm, batch.Indices);
        report.Warn(_nonFinite.Record(step, state.Counters.Skipped));
        state.Skip();
        meter.Skip();
    }

    /// <summary>Computes a batch's gradients, averages them over the processes and clips them.</summary>
    /// <returns>The mean loss, and the gradients' norm before it was clipped.</returns>
    /// <exception cref="TweedieException">The memory does not suffice.</exception>
    private (double Loss, double Norm) ComputeGradients(TokenBatch batch, TrainingState state) => OutOfMemory.Guard(
        $"step {state.Step + 1}",
        $"lower training.batchSize = {_options.BatchSize} or raise training.accumulation = {_options.Accumulation}",
        () =>
        {
            using var scope = NewDisposeScope();
            var parts = batch.Split(_options.Accumulation, task.Device);
            state.Parameters.ZeroGradients();
            var loss = _gradients.Add(parts, micro => SeedOf(state.Step, micro));
            foreach (var group in state.Parameters.Groups)
                _collective.Average(group.Gradients!);
            var norm = state.Parameters.ClipGradients(_options.ClipNorm);
            return (loss.item<float>(), norm);
        });

    // The micro-batches of all processes have different seeds, so that no two share their noise. The first one has the seed of the step, as a training in
    // whole batches has.
    private long SeedOf(long step, int micro)
    {
        var number = _collective.Rank * _options.Accumulation + micro;
        return number == 0 ? Seeds.Derive(_config.Seed, SeedPurpose.TrainingStep, step) : Seeds.Derive(_config.Seed, SeedPurpose.TrainingStep, step, number);
    }

    private bool IsEvaluationDue(long step, long totalSteps)
    {
        var (epochs, every) = (step / task.BatchesPerEpoch, _config.Evaluation.EveryEpochs);
        return step % task.BatchesPerEpoch == 0 && step < totalSteps && every > 0 && epochs > 0 && epochs % every == 0;
    }

    /// <summary>Evaluates the averaged weights and writes them as a model.</summary>
    private IReadOnlyDictionary<string, double> Evaluate(TrainingState state, TrainingReporter report, CancellationToken cancellation)
    {
        var metrics = OutOfMemory.Guard(
            "evaluation",
            $"lower evaluation.batchSize = {_config.Evaluation.BatchSize}",
            () => report.Evaluation(() => task.Evaluate(cancellation)));
        CheckFinite(state);
        state.Counters = state.Counters with { Best = _models.Save(state.Step, metrics, state.Counters.Best) };
        return metrics;
    }

    private void Save(CheckpointStore checkpoints, TrainingState state, TrainingMeter meter)
    {
        CheckFinite(state);
        state.Counters = state.Counters with { Seconds = meter.TrainingTime.TotalSeconds };
        checkpoints.Save(task, state);
    }

    private void CheckFinite(TrainingState state)
    {
        if (!state.Parameters.AreFinite())
        {
            FormattableString lower = $"train in another {RunOptions.Run} with less than training.learningRate = {_options.LearningRate}.";
            throw TweedieException.Naming($"{run.Path}: the weights after step {state.Step} are not finite and are not saved, earlier checkpoints are whole; {lower}");
        }
    }

    /// <summary>Continues from the newest whole checkpoint.</summary>
    /// <returns>What the user should know about damaged checkpoints and changed options.</returns>
    private List<string> Restore(CheckpointStore checkpoints, TrainingState state, bool allowChanges)
    {
        var (checkpoint, damage) = checkpoints.NewestWhole();
        var changes = ConfigChanges.Check(CheckpointStore.ReadConfig(checkpoint), _config, checkpoint, allowChanges);
        CheckpointStore.Load(checkpoint, state);
        checkpoints.SetAsideAfter(checkpoint);
        return [.. damage.Select(problem => $"{problem}; continuing from {Path.GetFileName(checkpoint)}"), .. changes];
    }
}
