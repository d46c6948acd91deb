using Tweedie.Experiments.Cells;
using Tweedie.Experiments.Exhibits;
using Tweedie.Experiments.Statistics;
using Tweedie.Sampling;

namespace Tweedie.Experiments.Paper;

/// <summary>Table 1: TDD with and without the coefficient against the linear head, with the controls that the paper lacks.</summary>
public sealed class MainComparison : IExperiment
{
    /// <inheritdoc/>
    public string Name => "table1";

    /// <inheritdoc/>
    public string Title => "Table 1. TDD against the linear baseline";

    /// <inheritdoc/>
    public IEnumerable<ICell> Cells(Study study) => SampledRow.Cells(study, study.Benchmarks, Rows(study));

    /// <inheritdoc/>
    public Exhibit Create(ExhibitContext context) => new()
    {
        Name = Name,
        Title = Title,
        Notes =
        [
            "The paper's row of the baseline, 82.3, is MAE's from-scratch ViT-B; seed noise there is about 0.08, and DeiT III reaches 83.8 with the same backbone.",
            FormattableString.Invariant($"TDD is sampled with guidance {context.Study.Guidance}. \"Consensus\" averages the predictions of all steps. The control feeds nothing back: its steps are independent one-step predictions."),
        ],
        Tables = [.. context.Study.Benchmarks.Select(benchmark => Table(context, benchmark))],
        Claims = [.. context.Study.Benchmarks.SelectMany(benchmark => Claims(context, benchmark))],
    };

    private static IEnumerable<SampledRow> Rows(Study study)
    {
        yield return new(Arm.Linear, "", study.Sampling(), DecodeKind.Last, 0.823);
        foreach (var (arm, paper) in new[] { (Arm.Coefficient, 0.828), (Arm.NoCoefficient, 0.830) })
        {
            yield return new(arm, $"{study.Steps} steps", study.Sampling(), DecodeKind.Last, paper);
            yield return new(arm, $"{study.Steps} steps, consensus", study.Sampling(), DecodeKind.Consensus);
            yield return new(arm, "1 step", study.Sampling(steps: 1), DecodeKind.Last);
            yield return new(arm, $"control: {study.Steps} draws of 1 step, averaged", study.Sampling(control: true), DecodeKind.Consensus);
        }
    }

    private static ExhibitTable Table(ExhibitContext context, Benchmark benchmark)
    {
        var baseline = context.Outcome(benchmark, Arm.Linear, context.Study.Sampling());
        return new($"Top-1 accuracy in % on the test images of {benchmark.Title}; mean ± standard deviation over the seeds",
            ["method", "parameters", "paper", "here", "to the baseline", "95 % interval", "McNemar p, each seed"],
            [.. Rows(context.Study).Where(row => benchmark.Has(row.Arm)).Select(row =>
            {
                var outcome = context.Outcome(benchmark, row.Arm, row.Sampling, row.Decode);
                var difference = Comparison.Of(outcome, baseline);
                string[] comparison = row.Arm == Arm.Linear ? ["", "", ""]
                    : [Show.Points(difference.Difference), Show.Points(difference.Interval), Show.PValues(difference.PValues)];
                return (IReadOnlyList<string>)[row.Title, Show.Parameters(context.Trainings(benchmark, row.Arm)[0].Parameters),
                    row.PaperPercent, Show.Percent(outcome.Accuracy), .. comparison];
            })]);
    }

    private static IEnumerable<Claim> Claims(ExhibitContext context, Benchmark benchmark)
    {
        var sampling = context.Study.Sampling();
        var baseline = context.Outcome(benchmark, Arm.Linear, sampling);
        foreach (var (arm, name, paper) in new[] { (Arm.Coefficient, "with", "82.8"), (Arm.NoCoefficient, "without", "83.0") }.Where(entry => benchmark.Has(entry.Item1)))
        {
            yield return new($"TDD {name} the coefficient is more accurate than the linear baseline", $"{paper} against 82.3", benchmark.Title,
                Comparison.Of(context.Outcome(benchmark, arm, sampling), baseline))
            {
                Number = arm == Arm.Coefficient ? "3" : "4",
            };
            yield return new($"{arm.Title()}: feeding the label back beats independent one-step predictions, both averaged over {context.Study.Steps} steps",
                "not examined", benchmark.Title, Comparison.Of(
                    context.Outcome(benchmark, arm, sampling, DecodeKind.Consensus),
                    context.Outcome(benchmark, arm, context.Study.Sampling(control: true), DecodeKind.Consensus)))
            {
                Number = "10",
            };
        }
    }
}
