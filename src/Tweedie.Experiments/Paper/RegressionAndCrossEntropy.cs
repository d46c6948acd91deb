using Tweedie.Experiments.Cells;
using Tweedie.Experiments.Exhibits;
using Tweedie.Experiments.Plots;

namespace Tweedie.Experiments.Paper;

/// <summary>Figure 4: loss and accuracy in training, regression against cross-entropy.</summary>
public sealed class RegressionAndCrossEntropy : IExperiment
{
    private static readonly Arm[] Compared = [Arm.Coefficient, Arm.NoiseRegression, Arm.CleanRegression];

    /// <inheritdoc/>
    public string Name => "figure4";

    /// <inheritdoc/>
    public string Title => "Figure 4. Cross-entropy and regression in training";

    /// <inheritdoc/>
    public IEnumerable<ICell> Cells(Study study) =>
        from benchmark in study.BenchmarksWith(Arm.Coefficient, Arm.NoiseRegression)
        from arm in Compared.Where(arm => benchmark.Has(arm))
        from seed in study.SeedValues
        select Study.Training(benchmark, arm, seed);

    /// <inheritdoc/>
    public Exhibit Create(ExhibitContext context) => new()
    {
        Name = Name,
        Title = Title,
        Notes = ["The losses have different units; each is divided by its first logged value, so only their shapes compare. The cross-entropy carries the coefficient and label smoothing, so it does not end at zero."],
        Figures = [.. context.Study.BenchmarksWith(Arm.Coefficient, Arm.NoiseRegression).SelectMany(benchmark => Draw(context, benchmark))],
    };

    private IEnumerable<ExhibitFigure> Draw(ExhibitContext context, Benchmark benchmark)
    {
        var (losses, accuracies) = (new Chart("epoch", "training loss, relative to its start"), new Chart("epoch", "top-1 accuracy, held out (%)"));
        foreach (var (color, arm) in Compared.Index().Where(entry => benchmark.Has(entry.Item)))
        {
            var (trainings, name) = (context.Trainings(benchmark, arm), Name(arm));
            losses.Add(ExhibitContext.Mean(name, [.. trainings[0].Loss.Select(point => point.Epoch)],
                [.. trainings.Select(training => training.Loss.Select(point => point.Value / training.Loss[0].Value).ToArray())]) with
            { Color = color, Line = (LineKind)color, Marks = false });
            accuracies.Add(AccuracyByEpoch.Curve(trainings, $"top1.{context.Study.Steps}steps.last", name) with { Color = color, Line = (LineKind)color });
        }
        yield return context.Save(losses, $"{this.Name}-{benchmark.Name}-loss", $"{benchmark.Title}: the training loss; {context.Study.SeedCount}.");
        yield return context.Save(accuracies, $"{this.Name}-{benchmark.Name}-accuracy", FormattableString.Invariant(
            $"{benchmark.Title}: accuracy of {context.Study.Steps} steps with guidance {benchmark.Run.Evaluation.Guidance}, last; {context.Study.SeedCount}."));

        static string Name(Arm arm) => arm == Arm.Coefficient ? "cross-entropy (TDD)" : arm.Title();
    }
}
