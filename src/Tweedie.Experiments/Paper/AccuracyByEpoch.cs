using Tweedie.Experiments.Cells;
using Tweedie.Experiments.Exhibits;
using Tweedie.Experiments.Plots;
using Tweedie.Experiments.Statistics;
using Tweedie.Training;

namespace Tweedie.Experiments.Paper;

/// <summary>Figure 3: accuracy by epoch and by training time, TDD against heads without diffusion; when each is at its best.</summary>
public sealed class AccuracyByEpoch : IExperiment
{
    private static readonly Arm[] Compared = [Arm.Linear, Arm.Coefficient, Arm.NoCoefficient, Arm.Mlp, Arm.LargerLinear];

    /// <inheritdoc/>
    public string Name => "figure3";

    /// <inheritdoc/>
    public string Title => "Figure 3. Accuracy by epoch";

    /// <inheritdoc/>
    public IEnumerable<ICell> Cells(Study study) =>
    [
        .. from benchmark in study.Benchmarks
           from arm in Compared.Where(arm => benchmark.Has(arm))
           from seed in study.SeedValues
           select Study.Training(benchmark, arm, seed),
        .. from benchmark in study.Benchmarks.Where(KeepsBest)
           from arm in Compared.Where(arm => benchmark.Has(arm))
           from cell in study.Samplings(benchmark, arm, study.Sampling())
           select cell,
    ];

    /// <inheritdoc/>
    public Exhibit Create(ExhibitContext context) => new()
    {
        Name = Name,
        Title = Title,
        Notes =
        [
            "On training images held out for choosing. The paper's baseline is best at 250 epochs and falls then; its TDD still rises at 300.",
            .. context.Study.Benchmarks.Any(KeepsBest) ? ["Each model is that of its best epoch by the held-out images; for TDD by the consensus of the steps. Its accuracy on the test images, which chose nothing, is in the table and in the claims."] : (string[])[],
        ],
        Tables = [.. context.Study.Benchmarks.Select(benchmark => Table(context, benchmark))],
        Figures = [.. context.Study.Benchmarks.SelectMany(benchmark => Draw(context, benchmark))],
        Claims = [.. context.Study.Benchmarks.Where(KeepsBest).SelectMany(benchmark => Claims(context, benchmark))],
    };

    private static bool KeepsBest(Benchmark benchmark) => benchmark.Run.Evaluation.Keep == KeptModel.Best;

    private IEnumerable<ExhibitFigure> Draw(ExhibitContext context, Benchmark benchmark)
    {
        var caption = FormattableString.Invariant($"{benchmark.Title}: {context.Study.SeedCount}, averaged weights; TDD with guidance {benchmark.Run.Evaluation.Guidance}");
        yield return context.Save(Chart(context, benchmark, "epoch", _ => 1), $"{Name}-{benchmark.Name}", $"{caption}.");
        if (context.Study.ShowsTime)
            yield return context.Save(Chart(context, benchmark, "minutes of training", arm => MinutesPerEpoch(context, benchmark, arm)), $"{Name}-{benchmark.Name}-time",
                $"{caption}. Time of the training steps on the machine of this report, mean over the seeds.");
    }

    private static Chart Chart(ExhibitContext context, Benchmark benchmark, string horizontal, Func<Arm, double> unit)
    {
        var chart = new Chart(horizontal, "top-1 accuracy, held out (%)");
        foreach (var (color, arm) in Compared.Index().Where(entry => benchmark.Has(entry.Item)))
            foreach (var series in Lines(context, benchmark, arm))
                chart.Add(series with { Color = color, X = [.. series.X.Select(epoch => epoch * unit(arm))] });
        return chart;
    }

    private static double MinutesPerEpoch(ExhibitContext context, Benchmark benchmark, Arm arm) =>
        context.Trainings(benchmark, arm).Average(training => training.Seconds) / 60 / benchmark.For(arm, seed: 1).Training.Epochs;

    private static ExhibitTable Table(ExhibitContext context, Benchmark benchmark)
    {
        string[] time = context.Study.ShowsTime ? ["minutes per epoch"] : [];
        return new($"{benchmark.Title}: when each is at its best on the held-out images; mean ± standard deviation over the seeds, in %",
            ["method", "epochs", "best epoch of each seed", "held out, best", "held out, last", "test, best epoch", .. time],
            [.. Compared.Where(arm => benchmark.Has(arm)).Select(arm =>
            {
                var curves = context.Trainings(benchmark, arm).Select(training => training.HeldOut[ChosenBy(context, arm)]).ToList();
                var best = curves.ConvertAll(curve => curve.MaxBy(point => point.Value)!);
                return (IReadOnlyList<string>)[arm.Title(), $"{benchmark.For(arm, seed: 1).Training.Epochs}", string.Join(", ", best.Select(point => $"{point.Epoch:F0}")),
                    Show.Percent(Summary.Of([.. best.Select(point => point.Value)])), Show.Percent(Summary.Of([.. curves.Select(curve => curve[^1].Value)])),
                    KeepsBest(benchmark) ? Show.Percent(context.Outcome(benchmark, arm, context.Study.Sampling()).Accuracy) : "–",
                    .. time.Select(_ => FormattableString.Invariant($"{MinutesPerEpoch(context, benchmark, arm):F2}"))];
            })]);
    }

    private static IEnumerable<Claim> Claims(ExhibitContext context, Benchmark benchmark)
    {
        foreach (var (other, number) in new[] { (Arm.Linear, "7"), (Arm.Mlp, "5"), (Arm.LargerLinear, "6") }.Where(entry => benchmark.Has(entry.Item1)))
            foreach (var arm in new[] { Arm.Coefficient, Arm.NoCoefficient }.Where(arm => benchmark.Has(arm)))
                yield return new($"{arm.Title()} is more accurate than the {other.Title()}, each at its best epoch", number == "5" ? "not examined" : number == "6" ? "82.8 against 82.6 and 83.1" : "82.8 against 82.3", benchmark.Title,
                    Comparison.Of(context.Outcome(benchmark, arm, context.Study.Sampling()), context.Outcome(benchmark, other, context.Study.Sampling())))
                {
                    Number = number,
                };
    }

    // What chooses the best epoch in training: the last setting of the log.
    private static string ChosenBy(ExhibitContext context, Arm arm) => arm.HasHead() ? MetricOf(context, arm) : $"top1.{context.Study.Steps}steps.consensus";

    private static string MetricOf(ExhibitContext context, Arm arm) => arm == Arm.Mlp ? "top1.mlp" : arm.HasHead() ? "top1.linear" : $"top1.{context.Study.Steps}steps.last";

    private static IEnumerable<Series> Lines(ExhibitContext context, Benchmark benchmark, Arm arm)
    {
        var many = MetricOf(context, arm);
        (string Metric, string Name, LineKind Line)[] lines = arm.HasHead()
            ? [(many, arm.Title(), LineKind.Solid)]
            : [(many, $"{arm.Title()}, {context.Study.Steps} steps", LineKind.Solid), ("top1.1steps.last", $"{arm.Title()}, 1 step", LineKind.Dashed)];
        return lines.Select(line => Curve(context.Trainings(benchmark, arm), line.Metric, line.Name) with { Line = line.Line });
    }

    /// <summary>The held-out accuracy of several seeds by epoch.</summary>
    internal static Series Curve(IReadOnlyList<TrainingResult> trainings, string metric, string name) => ExhibitContext.Percentages(
        name,
        [.. trainings[0].HeldOut[metric].Select(point => point.Epoch)],
        [.. trainings.Select(training => training.HeldOut[metric].Select(point => point.Value).ToArray())]);
}
