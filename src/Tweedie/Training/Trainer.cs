using System.Diagnostics;
using Tweedie.Configuration;
using Tweedie.Formats;
using Tweedie.Platform;

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

    /// <summary>Trains to the end, from the newest whole checkpoint if <paramref name="resume"/> is set.</summary>
    /// <param name="resume">Whether to continue the run in the folder.</param>
    /// <param name="allowChanges">Whether a resume may have a config that changes the result.</param>
    /// <param name="progress">Told of steps, evaluations and warnings.</param>
    /// <param name="cancellation">Ends the training after the step.</param>
    /// <returns>The last evaluation's metrics.</returns>
    /// <exception cref="OperationCanceledException">Cancelled: the step was finished and a checkpoint saved.</exception>
    /// <exception cref="TweedieException">
    /// The folder holds a run already, or on resume none, or one of another config, or another process works in it; a file cannot be read or
    /// written; the loss is not finite; the memory does not suffice. Earlier checkpoints are whole.
    /// </exception>
    public IReadOnlyDictionary<string, double> Run(
        bool resume, bool allowChanges = false, IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default)
    {
        using var runLock = RunLock.Hold(run);
        var checkpoints = new CheckpointStore(run.Checkpoints, _options.KeepCheckpoints);
        checkpoints.CheckStart(resume);
        using var state = new TrainingState(task, _options);
        var warnings = resume ? Restore(checkpoints, state, allowChanges) : [];
        AtomicFile.WriteText(run.Config, ConfigWriter.ToYaml(_config));
        var meter = new TrainingMeter(_options.Epochs, task.BatchesPerEpoch, _options.BatchSize, state.Step);
        var report = new TrainingReporter(meter, new MetricsLog(run), progress);
        foreach (var warning in warnings)
            report.Warn(warning);

        var steps = new TrainingSteps(task, state, meter, report, run);
        var totalSteps = meter.Progress.TotalSteps;
        IReadOnlyDictionary<string, double> metrics;
        try
        {
            if (resume && IsEvaluationDue(state.Step, totalSteps)) // the run may have ended between checkpoint and evaluation
                Evaluate(report, cancellation);
            while (state.Step < totalSteps)
            {
                var epoch = (int)(state.Step / task.BatchesPerEpoch);
                task.Network.train();
                foreach (var batch in task.Batches(epoch, (int)(state.Step % task.BatchesPerEpoch), cancellation))
                {
                    using (batch)
                        steps.Take(batch);
                    if (state.Step % _options.LogEvery == 0 || state.Step == totalSteps)
                        report.Steps();
                    cancellation.ThrowIfCancellationRequested();
                }
                report.EndEpoch();
                if ((epoch + 1) % _options.CheckpointEpochs == 0 || state.Step == totalSteps)
                    Save(checkpoints, state);
                if (IsEvaluationDue(state.Step, totalSteps))
                    Evaluate(report, cancellation);
            }
            metrics = Evaluate(report, cancellation);
        }
        catch (OperationCanceledException)
        {
            Save(checkpoints, state);
            throw;
        }
        task.SaveModel(run.Model);
        return metrics;
    }

    /// <summary>Takes a few steps on real batches to learn what one costs; nothing is written and the task's weights are not to be used after.</summary>
    /// <param name="steps">Steps to time; one more is taken first, to warm up.</param>
    /// <param name="cancellation">Ends the measurement after the step.</param>
    /// <returns>The median time of a step, reading its batch included.</returns>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public TimeSpan MeasureStep(int steps, CancellationToken cancellation = default)
    {
        using var state = new TrainingState(task, _options);
        var gradients = new StepGradients(task, state);
        task.Network.train();
        var times = new List<TimeSpan>();
        var watch = Stopwatch.StartNew();
        foreach (var batch in Enumerable.Range(0, int.MaxValue).SelectMany(epoch => task.Batches(epoch, 0, cancellation)).Take(steps + 1))
        {
            using (batch)
                gradients.Compute(batch);
            cancellation.ThrowIfCancellationRequested();
            state.Update(learningRate: 0);
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

    private IReadOnlyDictionary<string, double> Evaluate(TrainingReporter report, CancellationToken cancellation) => OutOfMemory.Guard(
        "evaluation",
        $"lower evaluation.batchSize = {_config.Evaluation.BatchSize}",
        () => report.Evaluation(() => task.Evaluate(cancellation)));

    private void Save(CheckpointStore checkpoints, TrainingState state)
    {
        if (!state.Parameters.AreFinite())
            throw new TweedieException(
                $"{run.Path}: the weights after step {state.Step} are not finite and are not saved, earlier checkpoints are whole; "
                + $"train in another --out with less than training.learningRate = {_options.LearningRate}.");
        checkpoints.Save(_config, state);
    }

    /// <summary>Continues from the newest whole checkpoint.</summary>
    /// <returns>What the user should know of damaged checkpoints and changed options.</returns>
    private List<string> Restore(CheckpointStore checkpoints, TrainingState state, bool allowChanges)
    {
        var (checkpoint, damage) = checkpoints.NewestWhole();
        var changes = ConfigChanges.Check(CheckpointStore.ReadConfig(checkpoint), _config, checkpoint, allowChanges);
        CheckpointStore.Load(checkpoint, state);
        checkpoints.SetAsideAfter(checkpoint);
        return [.. damage.Select(problem => $"{problem}; continuing from {Path.GetFileName(checkpoint)}"), .. changes];
    }
}
