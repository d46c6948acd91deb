using System.Diagnostics;
using Tweedie.Configuration;
using Tweedie.Images;
using Tweedie.Platform;
using Tweedie.Storage;
using static TorchSharp.torch;

namespace Tweedie.Training;

/// <summary>
/// The training loop: batches → loss → gradients → clip → AdamW → average → log → evaluate → checkpoint.
/// Each micro-batch seeds torch's generator from the run's seed, the step's number and its own number, so a resumed run continues exactly. Where several processes
/// train together, each computes its share of the micro-batches, and the gradients are summed. The first process alone writes files and reports.
/// </summary>
public sealed class Trainer
{
    private readonly ITrainingTask _task;
    private readonly RunFolder _run;
    private readonly RunConfig _config;
    private readonly TrainingOptions _options;
    private readonly ProcessGroup _processes;
    private readonly int _microBatches; // of this process per step
    private readonly BatchGradients _gradients;
    private readonly LearningRateSchedule _learningRate;
    private readonly NonFiniteSteps _nonFinite;
    private readonly RunModels _models;

    /// <summary>Prepares a training; nothing is read or written.</summary>
    /// <param name="task">What is trained.</param>
    /// <param name="run">The run's folder.</param>
    /// <param name="collective">The processes that train together; by default one.</param>
    /// <exception cref="TweedieException">The processes cannot share a batch evenly.</exception>
    public Trainer(ITrainingTask task, RunFolder run, ICollective? collective = null)
    {
        ArgumentNullException.ThrowIfNull(task);
        (_task, _run, _config, _options) = (task, run, task.Config, task.Config.Training);
        _processes = collective is null ? ProcessGroup.Alone : new ProcessGroup(collective);
        _microBatches = _options.MicroBatches(_processes.Size);
        _gradients = new BatchGradients(task, _options.Precision, _processes);
        _learningRate = LearningRateSchedule.Create(_options, task.BatchesPerEpoch);
        (_nonFinite, _models) = (new NonFiniteSteps(run, _options), new RunModels(run, task));
    }

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
        using var runLock = _processes.OnFirst(() => RunLock.Hold(_run));
        var checkpoints = new CheckpointStore(_run.Checkpoints, _options.KeepCheckpoints);
        _processes.OnFirst(() => checkpoints.CheckStart(resume));
        using var state = new TrainingState(_task, _options);
        Compare();
        var warnings = _processes.OnFirst(() => resume ? Restore(checkpoints, state, allowChanges) : []);
        state.TakeFromFirst(_processes);
        var log = _processes.OnFirst(() =>
        {
            _models.Arrange();
            AtomicFile.WriteText(_run.Config, ConfigWriter.ToYaml(_config));
            return new MetricsLog(_run);
        });
        var meter = new TrainingMeter(_options.Epochs, _task.BatchesPerEpoch, _options.BatchSize, state.Counters);
        var report = new TrainingReporter(meter, log, progress, communicates: _processes.Size > 1);
        report.Start();
        meter.Pause();
        Prepare(report, cancellation);
        meter.Continue();
        foreach (var warning in warnings ?? [])
            report.Warn(warning);

        var totalSteps = meter.Progress.TotalSteps;
        IReadOnlyDictionary<string, double> metrics;
        try
        {
            if (resume && IsEvaluationDue(state.Step, totalSteps)) // the run may have ended between checkpoint and evaluation
                Evaluate(state, meter, report, cancellation);
            while (state.Step < totalSteps)
            {
                var epoch = (int)(state.Step / _task.BatchesPerEpoch);
                _task.Network.train();
                using var batches = Batches(epoch, (int)(state.Step % _task.BatchesPerEpoch), cancellation).GetEnumerator();
                while (MoveNext(batches, cancellation))
                {
                    using (batches.Current)
                        TakeStep(batches.Current, state, meter, report);
                    if (state.Step % _options.LogEvery == 0 || state.Step == totalSteps)
                        report.Steps();
                }
                report.EndEpoch();
                if ((epoch + 1) % _options.CheckpointEpochs == 0 || state.Step == totalSteps)
                    Save(checkpoints, state, meter);
                if (IsEvaluationDue(state.Step, totalSteps))
                    Evaluate(state, meter, report, cancellation);
            }
            metrics = Evaluate(state, meter, report, cancellation);
            _processes.OnFirst(() => _task.Finish(_run.Model, cancellation));
        }
        catch (OperationCanceledException)
        {
            Save(checkpoints, state, meter);
            throw;
        }
        return new(metrics, state.Counters.Best, state.Step * _options.BatchSize, meter.TrainingTime);
    }

    // The first process prepares; the others find what it has prepared.
    private void Prepare(IProgress<FeatureProgress>? progress, CancellationToken cancellation)
    {
        _processes.OnFirst(() => _task.Prepare(progress, cancellation));
        _processes.Together(() =>
        {
            if (!_processes.IsFirst)
                _task.Prepare(null, cancellation);
        });
    }

    /// <summary>
    /// Takes a few steps on real batches to measure the cost of one. Nothing is written but what <see cref="ITrainingTask.Prepare"/> keeps, and the task's weights
    /// must not be used afterwards. Where several processes train together, all of them measure.
    /// </summary>
    /// <param name="steps">Steps to time; one more is taken first, to warm up.</param>
    /// <param name="progress">Receives how far the preparation is.</param>
    /// <param name="cancellation">Ends the measurement after the step.</param>
    /// <returns>The median time of a step, reading its batch included.</returns>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public TimeSpan MeasureStep(int steps, IProgress<FeatureProgress>? progress = null, CancellationToken cancellation = default)
    {
        using var state = new TrainingState(_task, _options);
        Prepare(progress, cancellation);
        _task.Network.train();
        var times = new List<TimeSpan>();
        var watch = Stopwatch.StartNew();
        foreach (var batch in Enumerable.Range(0, int.MaxValue).SelectMany(epoch => Batches(epoch, 0, cancellation)).Take(steps + 1))
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
        var before = _processes.CommunicationTime;
        var rate = _learningRate.At(state.Step);
        var (loss, norm) = ComputeGradients(batch, state, report);
        if (double.IsFinite(loss) && double.IsFinite(norm))
        {
            state.Update(rate);
            meter.Add(loss, rate, norm, _processes.CommunicationTime - before);
            return;
        }
        int[] samples = [.. _processes.Gather(batch.Indices).SelectMany(indices => indices)];
        var step = new NonFiniteStep(state.Step + 1, (int)(state.Step / _task.BatchesPerEpoch), (int)(state.Step % _task.BatchesPerEpoch), SeedOf(state.Step, 0), loss, norm, samples);
        _processes.OnFirst(() => report.Warn(_nonFinite.Record(step, state.Counters.Skipped)));
        state.Skip();
        meter.Skip();
    }

    /// <summary>Computes a batch's gradients, sums them over the processes and clips them.</summary>
    /// <returns>The mean loss, and the gradients' norm before it was clipped.</returns>
    /// <exception cref="TweedieException">The memory does not suffice.</exception>
    private (double Loss, double Norm) ComputeGradients(TokenBatch batch, TrainingState state, TrainingReporter? report = null) => OutOfMemory.Guard(
        $"step {state.Step + 1}",
        $"lower training.batchSize = {_options.BatchSize} or raise training.accumulation = {_options.Accumulation}",
        () =>
        {
            using var scope = NewDisposeScope();
            var parts = batch.Split(_microBatches, _task.Device);
            state.Parameters.ZeroGradients();
            var share = _gradients.Add(parts, micro => SeedOf(state.Step, micro));
            var shares = _processes.Gather(new StepShare(share, batch.BadSamples));
            report?.BadImages([.. shares.SelectMany(other => other.BadSamples)]);
            _gradients.Sum(state.Parameters, _options.GradientPrecision);
            var norm = state.Parameters.ClipGradients(_options.ClipNorm);
            return (shares.Aggregate(0f, (sum, other) => sum + other.Loss), norm);
        });

    private IEnumerable<TokenBatch> Batches(int epoch, int startBatch, CancellationToken cancellation) => _task.Batches(
        epoch, startBatch, new BatchPart(_processes.Rank, _processes.Size), _processes.Size == 1 ? cancellation : CancellationToken.None); // several processes stop together

    // Reads the next batch. Where the processes stop instead of training on it, nobody else disposes of it.
    private bool MoveNext(IEnumerator<TokenBatch> batches, CancellationToken cancellation)
    {
        try
        {
            return _processes.Together(batches.MoveNext, cancellation);
        }
        catch
        {
            batches.Current?.Dispose();
            throw;
        }
    }

    // The micro-batches of all processes have different seeds, so that no two share their noise. The first one has the seed of the step, as a training in
    // whole batches has.
    private long SeedOf(long step, int micro)
    {
        var number = _processes.Rank * _microBatches + micro;
        return number == 0 ? Seeds.Derive(_config.Seed, SeedPurpose.TrainingStep, step) : Seeds.Derive(_config.Seed, SeedPurpose.TrainingStep, step, number);
    }

    private bool IsEvaluationDue(long step, long totalSteps)
    {
        var (epochs, every) = (step / _task.BatchesPerEpoch, _config.Evaluation.EveryEpochs);
        return step % _task.BatchesPerEpoch == 0 && step < totalSteps && every > 0 && epochs > 0 && epochs % every == 0;
    }

    /// <summary>Evaluates the averaged weights and writes them as a model.</summary>
    private IReadOnlyDictionary<string, double> Evaluate(TrainingState state, TrainingMeter meter, TrainingReporter report, CancellationToken cancellation)
    {
        var metrics = OutOfMemory.Guard(
            "evaluation",
            $"lower evaluation.batchSize = {_config.Evaluation.BatchSize}",
            () => report.Evaluation(() => _processes.Gather(Measure(cancellation))[0]));
        var best = _processes.OnFirst(() =>
        {
            CheckFinite(state);
            return _models.Save(CountersNow(state, meter), metrics);
        });
        state.Counters = state.Counters with { Best = _processes.Gather(best)[0] };
        return metrics;
    }

    private IReadOnlyDictionary<string, double> Measure(CancellationToken cancellation) =>
        _task is ISharedEvaluation shared ? shared.Evaluate(_processes, cancellation)
            : _processes.OnFirst(() => _task.Evaluate(cancellation)) ?? new Dictionary<string, double>();

    private void Save(CheckpointStore checkpoints, TrainingState state, TrainingMeter meter) => _processes.OnFirst(() =>
    {
        CheckFinite(state);
        state.Counters = CountersNow(state, meter);
        checkpoints.Save(_task, state);
    });

    private CheckpointState CountersNow(TrainingState state, TrainingMeter meter) => state.Counters with { Seconds = meter.TrainingTime.TotalSeconds, Processes = _processes.Size };

    /// <summary>What a process has to say after its part of a step.</summary>
    /// <param name="Loss">Its share of the loss.</param>
    /// <param name="BadSamples">Its samples that could not be read.</param>
    private sealed record StepShare(float Loss, IReadOnlyList<BadImage> BadSamples);

    private void CheckFinite(TrainingState state)
    {
        if (!state.Parameters.AreFinite())
        {
            FormattableString lower = $"train in another {RunOptions.Run} with less than training.learningRate = {_options.LearningRate}.";
            throw TweedieException.Naming($"{_run.Path}: the weights after step {state.Step} are not finite and are not saved, earlier checkpoints are whole; {lower}");
        }
    }

    /// <summary>Names a process whose data, config, weights or version are not those of the first.</summary>
    private void Compare()
    {
        if (_processes.Size == 1)
            return;
        var all = _processes.Gather(_processes.Together(() => RunFingerprint.Of(_task)));
        _processes.Together(() =>
        {
            if (all[_processes.Rank].DifferenceFrom(all[0]) is { } difference)
                throw new TweedieException($"{_run.Path}: differs from the process 0: {difference}; start all processes with the same program, config and data.");
        });
    }

    /// <summary>Continues from the newest whole checkpoint.</summary>
    /// <returns>What the user should know about damaged checkpoints, changed options and another number of processes.</returns>
    private List<string> Restore(CheckpointStore checkpoints, TrainingState state, bool allowChanges)
    {
        var (checkpoint, damage) = checkpoints.NewestWhole();
        var changes = ConfigChanges.Check(CheckpointStore.ReadConfig(checkpoint), _config, checkpoint, allowChanges);
        CheckpointStore.Load(checkpoint, state);
        checkpoints.SetAsideAfter(checkpoint);
        return [.. damage.Select(problem => $"{problem}; continuing from {Path.GetFileName(checkpoint)}"), .. changes, .. OtherProcesses(state.Counters.Processes)];
    }

    private IEnumerable<string> OtherProcesses(int before)
    {
        if (before == _processes.Size)
            yield break;
        var (old, now) = (Math.Max(_options.Accumulation, before), _microBatches * _processes.Size);
        var effect = old == now ? "sums of gradients are added in another order, so that weights differ by rounding"
            : $"a batch has {now} micro-batches instead of {old}, which draw other noise";
        yield return $"processes = {_processes.Size} instead of {before}: {effect}";
    }
}
