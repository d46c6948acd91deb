using Tweedie.Experiments.Cells;
using Tweedie.Experiments.Paper;
using Tweedie.Images;
using Tweedie.Models;
using Tweedie.Training;
using static TorchSharp.torch;

namespace Tweedie.Experiments;

/// <summary>What a reproduction will do and cost, before it begins.</summary>
/// <param name="Trainings">The trainings, one row per arm.</param>
/// <param name="Evaluations">Number of samplings of whole test sets.</param>
public sealed record ReproductionPlan(IReadOnlyList<PlannedTraining> Trainings, int Evaluations)
{
    /// <summary>An A100's bfloat16 operations per second (312e12), of which a training is assumed to use 40 %.</summary>
    public const double AssumedOperationsPerSecond = 0.4 * 312e12;

    /// <summary>Time on one A100 at <see cref="AssumedOperationsPerSecond"/>.</summary>
    public TimeSpan GpuTime => TimeSpan.FromSeconds(Trainings.Sum(training => training.Operations) / AssumedOperationsPerSecond);

    /// <summary>Estimated time of the trainings on this machine, evaluation left out; null where the data are not at hand.</summary>
    public TimeSpan? MeasuredTime => Trainings.Aggregate((TimeSpan?)TimeSpan.Zero, (sum, training) => sum + training.Seeds * training.MeasuredTime);

    /// <summary>Plans experiments. Where the data are at hand, a few training steps of each arm are measured; nothing is written.</summary>
    /// <exception cref="TweedieException">Data of a scale that should have them cannot be opened.</exception>
    public static ReproductionPlan Create(Study study, IReadOnlyList<IExperiment> experiments, Device device)
    {
        var cells = Reproduction.CellsOf(experiments, study);
        var trainings = cells.OfType<TrainingCell>().GroupBy(cell => cell.Name).Select(arm => Plan(study, arm.First(), arm.Count(), device));
        return new([.. trainings], cells.Count(cell => cell is not TrainingCell));
    }

    private static PlannedTraining Plan(Study study, TrainingCell cell, int seeds, Device device)
    {
        var training = cell.Config.Training;
        if (Published(study, cell) is var (images, parts))
            return new(cell.Name, seeds, training.Epochs, images, parts.Sum(part => part.Parameters), TrainingPlan.MultiplyAdds(parts, training.Reuse), null);
        using var session = TrainingSession.Open(cell.Config, new RunFolder(""), device, resume: false);
        var plan = session.Plan();
        return new(cell.Name, seeds, training.Epochs, plan.Samples, plan.Parts.Sum(part => part.Parameters), plan.TrainingMultiplyAdds, plan.EstimatedTime);
    }

    // The published size of a data set and the cost of its model, where the data set or another input of the training is not at hand; else null.
    private static (int Images, IReadOnlyList<PartCost> Parts)? Published(Study study, TrainingCell cell)
    {
        var isOutOfReach = CellInputs.Missing([cell]).Count > 0;
        switch (cell.Config)
        {
            case ClassificationRun run when isOutOfReach
                && study.Benchmarks.Select(benchmark => benchmark.PublishedSize).FirstOrDefault(size => size is not null) is { } size:
                var names = Enumerable.Range(0, size.Classes).Select(number => $"{number}");
                return (size.Images - Held(run.Data), ModelCost.Of(run.Model with { ClassNames = [.. names] }));
            case CaptionRun run when isOutOfReach
                && study.Captions.Select(benchmark => benchmark.PublishedSize).FirstOrDefault(size => size is not null) is { } size:
                return (size.Images - Held(run.Data), ModelCost.Of(run.Model, size.Vocabulary));
            default:
                return null;
        }
    }

    // Training images that are held out.
    private static int Held(DataOptions data) => data.HoldoutFrom == HoldoutSource.Train ? data.Holdout : 0;
}
