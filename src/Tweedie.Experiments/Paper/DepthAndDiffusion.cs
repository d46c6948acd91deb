using Tweedie.Experiments.Cells;
using Tweedie.Experiments.Exhibits;
using Tweedie.Experiments.Statistics;
using Tweedie.Sampling;

namespace Tweedie.Experiments.Paper;

/// <summary>What the depth of the head gives and what diffusion gives: heads of the same size with and without diffusion.</summary>
public sealed class DepthAndDiffusion : IExperiment
{
    /// <inheritdoc/>
    public string Name => "heads";

    /// <inheritdoc/>
    public string Title => "What the head's depth gives, and what diffusion gives";

    /// <inheritdoc/>
    public IEnumerable<ICell> Cells(Study study) => SampledRow.Cells(study, Benchmarks(study), Rows(study));

    /// <inheritdoc/>
    public Exhibit Create(ExhibitContext context) => new()
    {
        Name = Name,
        Title = Title,
        Notes =
        [
            "The paper compares TDD with a linear head, which has neither its depth nor its diffusion. Here each is taken away by itself. The MLP has as many parameters as the head of TDD, and as many updates on the same batches; without noise, R copies of an image give the same gradient, so R is 1 for it. It has no condition dropout either, which would only take images away from it.",
            "\"Trained on noise alone\" is the head of TDD itself, with its R, its condition dropout and its updates, but at timesteps where no label can be read. What it lacks to TDD is what noisy labels teach.",
            .. Benchmarks(context.Study).Select(benchmark => context.Design(benchmark, context.Outcome(benchmark, Arm.Linear, context.Study.Sampling()))),
        ],
        Tables = [.. Benchmarks(context.Study).Select(benchmark => Table(context, benchmark))],
        Claims = [.. Benchmarks(context.Study).SelectMany(benchmark => Claims(context, benchmark))],
    };

    private static IEnumerable<Benchmark> Benchmarks(Study study) => study.BenchmarksWith(Arm.Linear, Arm.Mlp, Arm.NoCoefficient);

    private static IEnumerable<SampledRow> Rows(Study study)
    {
        yield return new(Arm.Linear, "", study.Sampling(), DecodeKind.Last);
        yield return new(Arm.Mlp, "", study.Sampling(), DecodeKind.Last);
        yield return new(Arm.Blind, "", study.Sampling(steps: 1), DecodeKind.Last);
        foreach (var arm in new[] { Arm.Coefficient, Arm.NoCoefficient })
        {
            yield return new(arm, "1 step", study.Sampling(steps: 1), DecodeKind.Last);
            yield return new(arm, $"{study.Steps} steps", study.Sampling(), DecodeKind.Last);
            yield return new(arm, $"{study.Steps} steps, consensus", study.Sampling(), DecodeKind.Consensus);
        }
    }

    private static ExhibitTable Table(ExhibitContext context, Benchmark benchmark)
    {
        var (linear, mlp) = (context.Outcome(benchmark, Arm.Linear, context.Study.Sampling()), context.Outcome(benchmark, Arm.Mlp, context.Study.Sampling()));
        return new($"Top-1 accuracy in % on the test images of {benchmark.Title}; mean ± standard deviation over the seeds",
            ["head", "parameters", "here", "to the linear head", "95 % interval", "to the MLP", "95 % interval"],
            [.. Rows(context.Study).Where(row => benchmark.Has(row.Arm)).Select(row =>
            {
                var outcome = context.Outcome(benchmark, row.Arm, row.Sampling, row.Decode);
                return (IReadOnlyList<string>)[row.Title, Show.Parameters(context.Trainings(benchmark, row.Arm)[0].Parameters), Show.Percent(outcome.Accuracy),
                    .. row.Arm == Arm.Linear ? ["", ""] : To(outcome, linear), .. row.Arm == Arm.Mlp ? ["", ""] : To(outcome, mlp)];
            })]);
    }

    private static string[] To(Outcome outcome, Outcome reference)
    {
        var difference = Comparison.Of(outcome, reference);
        return [Show.Points(difference.Difference), Show.Points(difference.Interval)];
    }

    private static IEnumerable<Claim> Claims(ExhibitContext context, Benchmark benchmark)
    {
        var study = context.Study;
        var mlp = context.Outcome(benchmark, Arm.Mlp, study.Sampling());
        Claim Of(string statement, Outcome better, Outcome worse) => new(statement, "not examined", benchmark.Title, Comparison.Of(better, worse)) { Number = "5" };

        yield return Of("Depth alone: an MLP of TDD's size is more accurate than the linear head", mlp, context.Outcome(benchmark, Arm.Linear, study.Sampling())) with
        {
            Number = null, // the paper says nothing of depth
        };
        foreach (var arm in new[] { Arm.Coefficient, Arm.NoCoefficient }.Where(arm => benchmark.Has(arm)))
        {
            yield return Of($"{arm.Title()}: {study.Steps} steps are more accurate than the MLP of the same size", context.Outcome(benchmark, arm, study.Sampling()), mlp);
            yield return Of($"{arm.Title()}: the consensus of {study.Steps} steps is more accurate than the MLP of the same size", context.Outcome(benchmark, arm, study.Sampling(), DecodeKind.Consensus), mlp);
        }
        if (benchmark.Has(Arm.Blind))
            yield return Of("Diffusion alone: TDD without coefficient, 1 step, is more accurate than its own head trained on noise alone",
                context.Outcome(benchmark, Arm.NoCoefficient, study.Sampling(steps: 1)), context.Outcome(benchmark, Arm.Blind, study.Sampling(steps: 1)));
    }
}
