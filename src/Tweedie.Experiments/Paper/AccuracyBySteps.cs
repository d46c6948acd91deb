using Tweedie.Experiments.Cells;
using Tweedie.Experiments.Exhibits;
using Tweedie.Experiments.Plots;
using Tweedie.Experiments.Statistics;
using Tweedie.Sampling;

namespace Tweedie.Experiments.Paper;

/// <summary>Figure 5: accuracy by the number of sampling steps, with and without the coefficient, with consensus and the control.</summary>
public sealed class AccuracyBySteps : IExperiment
{
    private static readonly Arm[] Compared = [Arm.Coefficient, Arm.NoCoefficient];

    private static readonly (string Name, bool Control, DecodeKind Decode, LineKind Line)[] Decodings =
    [
        ("last", false, DecodeKind.Last, LineKind.Solid),
        ("consensus", false, DecodeKind.Consensus, LineKind.Dashed),
        ("control, averaged", true, DecodeKind.Consensus, LineKind.Dotted),
    ];

    /// <inheritdoc/>
    public string Name => "figure5";

    /// <inheritdoc/>
    public string Title => "Figure 5. Accuracy by sampling steps";

    /// <inheritdoc/>
    public IEnumerable<ICell> Cells(Study study) =>
        from benchmark in Benchmarks(study)
        from arm in Compared.Where(arm => benchmark.Has(arm))
        from control in new[] { false, true }
        from steps in study.StepCounts
        from cell in study.Samplings(benchmark, arm, study.Sampling(steps, control: control))
        select cell;

    /// <inheritdoc/>
    public Exhibit Create(ExhibitContext context) => new()
    {
        Name = Name,
        Title = Title,
        Notes =
        [
            FormattableString.Invariant($"Guidance {context.Study.Guidance}. \"Last\" is the paper's rule. The control feeds nothing back: n steps are n independent one-step predictions, averaged. What iterating gains must show against it."),
            "In the paper, accuracy rises to about 10 steps and is best at 20; without the coefficient it is a little higher and rises less.",
        ],
        Tables = [.. Benchmarks(context.Study).Select(benchmark => Table(context, benchmark))],
        Figures = [.. Benchmarks(context.Study).Select(benchmark => Draw(context, benchmark))],
        Claims = [.. Benchmarks(context.Study).SelectMany(benchmark => Claims(context, benchmark))],
    };

    private static IEnumerable<Benchmark> Benchmarks(Study study) => study.Benchmarks.Where(benchmark => Compared.Any(arm => benchmark.Has(arm)));

    private static List<Outcome> OutcomesBySteps(ExhibitContext context, Benchmark benchmark, Arm arm, bool control, DecodeKind decode) =>
        [.. context.Study.StepCounts.Select(steps => context.Outcome(benchmark, arm, context.Study.Sampling(steps, control: control), decode))];

    private static ExhibitTable Table(ExhibitContext context, Benchmark benchmark) => new(
        $"Top-1 accuracy in % on the test images of {benchmark.Title} by the number of steps; mean ± standard deviation over the seeds",
        ["method", .. context.Study.StepCounts.Select(steps => $"{steps}")],
        [.. Compared.Where(arm => benchmark.Has(arm)).SelectMany(arm => Decodings.Select(decoding => (IReadOnlyList<string>)
        [
            $"{arm.Title()}, {decoding.Name}",
            .. OutcomesBySteps(context, benchmark, arm, decoding.Control, decoding.Decode).Select(outcome => Show.Percent(outcome.Accuracy)),
        ]))]);

    private ExhibitFigure Draw(ExhibitContext context, Benchmark benchmark)
    {
        var counts = context.Study.StepCounts;
        var places = counts.Select(count => Math.Log(count)).ToList();
        var chart = new Chart("sampling steps", "top-1 accuracy, test (%)").HorizontalTicks(places, place => $"{Math.Exp(place):F0}");
        foreach (var (color, arm) in Compared.Index().Where(entry => benchmark.Has(entry.Item)))
            foreach (var (name, control, decode, line) in Decodings)
            {
                var outcomes = OutcomesBySteps(context, benchmark, arm, control, decode);
                var series = ExhibitContext.Percentages($"{arm.Title()}, {name}", places, [.. Enumerable.Range(0, context.Study.Seeds)
                    .Select(seed => outcomes.Select(outcome => outcome.BySeed[seed].Count(right => right) / (double)outcome.BySeed[seed].Length).ToArray())]);
                chart.Add(series with { Color = color, Line = line, Band = line == LineKind.Solid ? series.Band : [] });
            }
        return context.Save(chart, $"{Name}-{benchmark.Name}", $"{benchmark.Title}: {context.Study.SeedCount}, the range of the paper's rule only.");
    }

    private static IEnumerable<Claim> Claims(ExhibitContext context, Benchmark benchmark)
    {
        var (one, many) = (context.Study.Sampling(1), context.Study.Sampling());
        foreach (var arm in Compared.Where(arm => benchmark.Has(arm)))
            yield return new($"{arm.Title()}: {context.Study.Steps} steps are more accurate than one", "Fig. 5: accuracy rises with the steps", benchmark.Title,
                Comparison.Of(context.Outcome(benchmark, arm, many), context.Outcome(benchmark, arm, one)))
            {
                Number = "8",
            };
        if (benchmark.Has(Arm.Coefficient) && context.Study.StepCounts.Contains(10) && context.Study.Steps > 10)
            yield return new($"{Arm.Coefficient.Title()}: {context.Study.Steps} steps are more accurate than ten", "Fig. 5: ten are good, twenty best", benchmark.Title,
                Comparison.Of(context.Outcome(benchmark, Arm.Coefficient, many), context.Outcome(benchmark, Arm.Coefficient, context.Study.Sampling(10))))
            {
                Number = "8",
            };
        if (!benchmark.Has(Compared))
            yield break;
        yield return new("Iterating gains more with the coefficient than without", "Fig. 5: without it, more limited improvements", benchmark.Title,
            Comparison.OfGains(context.Outcome(benchmark, Arm.Coefficient, many), context.Outcome(benchmark, Arm.Coefficient, one),
                context.Outcome(benchmark, Arm.NoCoefficient, many), context.Outcome(benchmark, Arm.NoCoefficient, one)))
        {
            Number = "9",
        };
    }
}
