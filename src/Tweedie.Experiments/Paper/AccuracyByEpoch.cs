using Tweedie.Experiments.Cells;
using Tweedie.Experiments.Exhibits;
using Tweedie.Experiments.Plots;

namespace Tweedie.Experiments.Paper;

/// <summary>Figure 3: accuracy by epoch, TDD against the linear head.</summary>
public sealed class AccuracyByEpoch : IExperiment
{
    private static readonly Arm[] Compared = [Arm.Linear, Arm.Coefficient, Arm.NoCoefficient];

    /// <inheritdoc/>
    public string Name => "figure3";

    /// <inheritdoc/>
    public string Title => "Figure 3. Accuracy by epoch";

    /// <inheritdoc/>
    public IEnumerable<ICell> Cells(Study study) =>
        from benchmark in study.Benchmarks
        from arm in Compared.Where(arm => benchmark.Has(arm))
        from seed in study.SeedValues
        select Study.Training(benchmark, arm, seed);

    /// <inheritdoc/>
    public Exhibit Create(ExhibitContext context) => new()
    {
        Name = Name,
        Title = Title,
        Notes = ["On training images held out for choosing. The paper's baseline is best at 250 epochs and falls then; its TDD still rises at 300."],
        Figures = [.. context.Study.Benchmarks.Select(benchmark => Draw(context, benchmark))],
    };

    private ExhibitFigure Draw(ExhibitContext context, Benchmark benchmark)
    {
        var chart = new Chart("epoch", "top-1 accuracy, held out (%)");
        foreach (var (color, arm) in Compared.Index().Where(entry => benchmark.Has(entry.Item)))
            foreach (var series in Lines(context, benchmark, arm))
                chart.Add(series with { Color = color });
        return context.Save(chart, $"{Name}-{benchmark.Name}", FormattableString.Invariant(
            $"{benchmark.Title}: {context.Study.SeedCount}, averaged weights; TDD with guidance {benchmark.Run.Evaluation.Guidance}."));
    }

    private static IEnumerable<Series> Lines(ExhibitContext context, Benchmark benchmark, Arm arm)
    {
        (string Metric, string Name, LineKind Line)[] lines = arm == Arm.Linear
            ? [("top1.linear", arm.Title(), LineKind.Solid)]
            : [($"top1.{context.Study.Steps}steps.last", $"{arm.Title()}, {context.Study.Steps} steps", LineKind.Solid), ("top1.1steps.last", $"{arm.Title()}, 1 step", LineKind.Dashed)];
        return lines.Select(line => Curve(context.Trainings(benchmark, arm), line.Metric, line.Name) with { Line = line.Line });
    }

    /// <summary>The held-out accuracy of several seeds by epoch.</summary>
    internal static Series Curve(IReadOnlyList<TrainingResult> trainings, string metric, string name) => ExhibitContext.Percentages(
        name,
        [.. trainings[0].HeldOut[metric].Select(point => point.Epoch)],
        [.. trainings.Select(training => training.HeldOut[metric].Select(point => point.Value).ToArray())]);
}
