using Tweedie.Experiments.Cells;
using Tweedie.Experiments.Exhibits;
using Tweedie.Experiments.Plots;
using Tweedie.Experiments.Statistics;
using Tweedie.Metrics;
using Tweedie.Sampling;

namespace Tweedie.Experiments.Paper;

/// <summary>Whether a prediction's probability is the chance that it is right: reliability diagrams of TDD and the linear head.</summary>
public sealed class Calibration : IExperiment
{
    /// <inheritdoc/>
    public string Name => "calibration";

    /// <inheritdoc/>
    public string Title => "Calibration";

    /// <inheritdoc/>
    public IEnumerable<ICell> Cells(Study study) =>
        from benchmark in study.BenchmarksWith(Arm.Linear, Arm.Coefficient)
        from line in Lines(study)
        from cell in study.Samplings(benchmark, line.Arm, line.Sampling)
        select cell;

    /// <inheritdoc/>
    public Exhibit Create(ExhibitContext context) => new()
    {
        Name = Name,
        Title = Title,
        Notes =
        [
            "Without guidance, which sharpens the distribution on purpose. ECE: expected calibration error, 15 equal bins (Guo et al. 2017); bins with fewer than 20 predictions are not drawn.",
            "Points above the diagonal are less sure than right, points below surer than right. Label smoothing, the same for all, works towards less sure; the argmax loop, in which a step sees the choice of the step before, towards surer.",
        ],
        Tables = [.. context.Study.BenchmarksWith(Arm.Linear, Arm.Coefficient).Select(benchmark => Table(context, benchmark))],
        Figures = [.. context.Study.BenchmarksWith(Arm.Linear, Arm.Coefficient).Select(benchmark => Draw(context, benchmark))],
    };

    private static IEnumerable<(string Name, Arm Arm, SamplingOptions Sampling, DecodeKind Decode)> Lines(Study study)
    {
        yield return (Arm.Linear.Title(), Arm.Linear, study.Sampling(), DecodeKind.Last);
        foreach (var (steps, decode, name) in new[] { (1, DecodeKind.Last, "1 step"), (study.Steps, DecodeKind.Last, $"{study.Steps} steps, last"), (study.Steps, DecodeKind.Consensus, $"{study.Steps} steps, consensus") })
            yield return ($"{Arm.Coefficient.Title()}, {name}", Arm.Coefficient, study.Sampling(steps, guidance: 1), decode);
    }

    private static List<Reliability> BySeed(ExhibitContext context, Benchmark benchmark, Arm arm, SamplingOptions sampling, DecodeKind decode) =>
        [.. context.Samplings(benchmark, arm, sampling).Select(result => result.By(decode).Reliability)];

    private static ExhibitTable Table(ExhibitContext context, Benchmark benchmark) => new(
        $"Expected calibration error in % on the test images of {benchmark.Title}; mean ± standard deviation over the seeds",
        ["method", "ECE", "top-1"],
        [.. Lines(context.Study).Select(line => (IReadOnlyList<string>)
        [
            line.Name,
            Show.Percent(Summary.Of([.. BySeed(context, benchmark, line.Arm, line.Sampling, line.Decode).Select(seed => seed.CalibrationError)])),
            Show.Percent(context.Outcome(benchmark, line.Arm, line.Sampling, line.Decode).Accuracy),
        ])]);

    private ExhibitFigure Draw(ExhibitContext context, Benchmark benchmark)
    {
        var chart = ReliabilityChart.Create(
            Lines(context.Study).Select(line => (line.Name, Reliability.Sum(BySeed(context, benchmark, line.Arm, line.Sampling, line.Decode)))), fewest: 20);
        return context.Save(chart, $"{Name}-{benchmark.Name}", $"{benchmark.Title}: accuracy of predictions by their probability, all seeds together.");
    }
}
