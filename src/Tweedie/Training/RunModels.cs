using Tweedie.Metrics;
using Tweedie.Storage;

namespace Tweedie.Training;

/// <summary>
/// The models of a run: that of the last evaluation and that of the best one. <see cref="EvaluationOptions.Keep"/> says which of them is <c>model/</c>; the
/// other one lies beside it. Without held-out items there is only the last.
/// </summary>
internal sealed class RunModels(RunFolder run, ITrainingTask task)
{
    private readonly EvaluationOptions _options = task.Config.Evaluation;

    /// <summary>Refuses, before the training begins, a metric that the evaluations will not measure.</summary>
    /// <exception cref="TweedieException">The config names such a metric.</exception>
    public static void CheckMetric(ITrainingTask task)
    {
        if (task.Measured is { } measured)
            _ = Choose(task, measured);
    }

    private bool KeepsBest => _options.Keep == KeptModel.Best;

    /// <summary>Gives the models their places where a resume keeps another one than before.</summary>
    /// <exception cref="TweedieException">A folder cannot be renamed.</exception>
    public void Arrange()
    {
        var (other, stale) = KeepsBest ? (run.LastModel, run.BestModel) : (run.BestModel, run.LastModel);
        if (!Directory.Exists(stale))
            return;
        try
        {
            if (Directory.Exists(run.Model) && !Directory.Exists(other))
                Directory.Move(run.Model, other);
            if (!Directory.Exists(run.Model))
                Directory.Move(stale, run.Model);
        }
        catch (Exception error) when (error.IsFileError())
        {
            throw FileErrors.CannotWrite(run.Model, error);
        }
    }

    /// <summary>Writes the averaged weights after an evaluation: as the last model, and as the best one if no earlier one is better.</summary>
    /// <param name="state">Where the training stands.</param>
    /// <param name="metrics">The evaluation's metrics.</param>
    /// <returns>The best evaluation, this one included.</returns>
    /// <exception cref="TweedieException">A file cannot be written; or the evaluation does not have the metric that the config names.</exception>
    public BestEvaluation? Save(CheckpointState state, IReadOnlyDictionary<string, double> metrics)
    {
        var name = Choose(task, [.. metrics.Keys]);
        if (name is null)
        {
            Write(run.Model);
            return null;
        }
        var (best, now) = (state.Best, new BestEvaluation { Metric = name, Value = metrics[name], Step = state.Step });
        var isBest = best is null || best.Metric != name || IsBetter(now, best); // the first evaluation is the best so far, whatever its value
        Write(KeepsBest ? run.LastModel : run.Model);
        if (isBest)
            Write(KeepsBest ? run.Model : run.BestModel);
        return isBest && double.IsFinite(now.Value) ? now : best;

        void Write(string folder) => AtomicFolder.Write(folder, aside =>
        {
            task.SaveModel(aside);
            TrainedCard.Of(aside, task, state, metrics, name).Write(aside);
        });
    }

    // Of equal ones the later is the better, because it has learned longer. A value that is not a number is never better.
    private static bool IsBetter(BestEvaluation now, BestEvaluation best) =>
        MetricInfo.Find(now.Metric)?.IsHigherBetter == false ? now.Value <= best.Value : now.Value >= best.Value;

    // A name without a setting means the last setting that was evaluated.
    private static string? Choose(ITrainingTask task, IReadOnlyList<string> measured)
    {
        var (named, wanted) = (task.Config.Evaluation.Metric, task.Config.Evaluation.Metric ?? task.ChoosingMetric);
        var name = measured.Contains(wanted) ? wanted : measured.LastOrDefault(key => key.StartsWith($"{wanted}.", StringComparison.Ordinal));
        if (name is null && named is not null)
            throw new TweedieException($"evaluation.metric = {wanted}: is not measured"
                + (measured.Count == 0 ? "; hold out images with data.holdout, or leave evaluation.metric out."
                    : $"; use one of {string.Join(", ", measured.Where(key => MetricInfo.Find(key)?.IsHigherBetter is not null))}."));
        return name;
    }
}
