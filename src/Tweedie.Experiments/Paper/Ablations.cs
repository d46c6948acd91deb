using Tweedie.Experiments.Cells;
using Tweedie.Experiments.Exhibits;
using Tweedie.Experiments.Statistics;
using Tweedie.Sampling;

namespace Tweedie.Experiments.Paper;

/// <summary>Table 2: the paper's four ablations of TDD with the coefficient, in pairs, with more rows.</summary>
public sealed class Ablations : IExperiment
{
    /// <inheritdoc/>
    public string Name => "table2";

    /// <inheritdoc/>
    public string Title => "Table 2. Ablations";

    /// <inheritdoc/>
    public IEnumerable<ICell> Cells(Study study) => SampledRow.Cells(study, Benchmarks(study), Rows(study));

    /// <inheritdoc/>
    public Exhibit Create(ExhibitContext context)
    {
        var benchmarks = Benchmarks(context.Study).ToList();
        return new()
        {
            Name = Name,
            Title = Title,
            Notes =
            [
                $"All rows: {context.Study.Steps} steps and the last step's prediction, where the row says nothing else. \"To TDD\" is the difference to TDD with the coefficient, guidance and argmax.",
                "Regression on the noise must carry K entries of noise through a head that is d wide. In the paper K = 1000 exceeds d = 768; with ten classes K is smaller than d, so what happens here need not happen there, nor the other way round (docs/experiments.md has both cases).",
                .. benchmarks.Select(EpochsNote).OfType<string>(),
            ],
            Tables = [.. benchmarks.Select(benchmark => Table(context, benchmark))],
            Claims = [.. benchmarks.SelectMany(benchmark => Claims(context, benchmark))],
        };
    }

    private static string? EpochsNote(Benchmark benchmark)
    {
        var (regression, reference) = (benchmark.For(Arm.NoiseRegression, seed: 1).Training.Epochs, benchmark.For(Arm.Coefficient, seed: 1).Training.Epochs);
        return regression == reference ? null
            : $"{benchmark.Title}: regression is trained for {regression} epochs as in the paper, TDD for {reference}; the paper compares both at 400 (82.72 against 0.13).";
    }

    private static IEnumerable<Benchmark> Benchmarks(Study study) =>
        study.BenchmarksWith(Arm.Coefficient, Arm.NoCoefficient, Arm.NoGuidance, Arm.NoiseRegression);

    private static IEnumerable<SampledRow> Rows(Study study)
    {
        var guided = FormattableString.Invariant($"guidance {study.Guidance}");
        yield return new(Arm.NoiseRegression, "", study.Sampling(), DecodeKind.Last, 0.0013);
        yield return new(Arm.CleanRegression, "", study.Sampling(), DecodeKind.Last);
        yield return new(Arm.NoGuidance, "", study.Sampling(guidance: 1), DecodeKind.Last, 0.8236);
        yield return new(Arm.Coefficient, "sampled with guidance 1, which is none", study.Sampling(guidance: 1), DecodeKind.Last);
        yield return new(Arm.Coefficient, $"{guided}, argmax", study.Sampling(), DecodeKind.Last, 0.8282);
        yield return new(Arm.NoCoefficient, $"{guided}, argmax", study.Sampling(), DecodeKind.Last, 0.8296);
        yield return new(Arm.Coefficient, $"{guided}, draw from the softmax", study.Sampling(toOne: ToOneKind.Multinomial), DecodeKind.Last, 0.8235);
        yield return new(Arm.Coefficient, $"{guided}, argmax, consensus", study.Sampling(), DecodeKind.Consensus);
        yield return new(Arm.Coefficient, $"{guided}, draw from the softmax, consensus", study.Sampling(toOne: ToOneKind.Multinomial), DecodeKind.Consensus);
        yield return new(Arm.Coefficient, $"{guided}, 1 step", study.Sampling(steps: 1), DecodeKind.Last);
        yield return new(Arm.Coefficient, $"{guided}, control, averaged", study.Sampling(control: true), DecodeKind.Consensus);
    }

    private static ExhibitTable Table(ExhibitContext context, Benchmark benchmark)
    {
        var reference = context.Outcome(benchmark, Arm.Coefficient, context.Study.Sampling());
        return new($"Top-1 accuracy in % on the test images of {benchmark.Title}; mean ± standard deviation over the seeds",
            ["method", "paper", "here", "to TDD", "95 % interval", "McNemar p, each seed"],
            [.. Rows(context.Study).Where(row => benchmark.Has(row.Arm)).Select(row =>
            {
                var outcome = context.Outcome(benchmark, row.Arm, row.Sampling, row.Decode);
                var difference = Comparison.Of(outcome, reference);
                string[] comparison = row is { Arm: Arm.Coefficient, Decode: DecodeKind.Last } && row.Sampling == context.Study.Sampling() ? ["", "", ""]
                    : [Show.Points(difference.Difference), Show.Points(difference.Interval), Show.PValues(difference.PValues)];
                return (IReadOnlyList<string>)[row.Title, row.PaperPercent, Show.Percent(outcome.Accuracy), .. comparison];
            })]);
    }

    private static IEnumerable<Claim> Claims(ExhibitContext context, Benchmark benchmark)
    {
        var study = context.Study;
        var full = context.Outcome(benchmark, Arm.Coefficient, study.Sampling());
        Claim Of(string number, string statement, string paper, Outcome better, Outcome worse) => new(statement, paper, benchmark.Title, Comparison.Of(better, worse)) { Number = number };

        yield return Of("11", "Cross-entropy is more accurate than regression on the noise", "82.72 against 0.13",
            full, context.Outcome(benchmark, Arm.NoiseRegression, study.Sampling()));
        yield return Of("12", "Guidance, in training and sampling, is needed", "82.82 against 82.36",
            full, context.Outcome(benchmark, Arm.NoGuidance, study.Sampling(guidance: 1)));
        yield return Of("12", "Guidance in sampling helps the same model", "not examined",
            full, context.Outcome(benchmark, Arm.Coefficient, study.Sampling(guidance: 1)));
        yield return Of("13", "Training without the coefficient is a little more accurate", "82.96 against 82.82",
            context.Outcome(benchmark, Arm.NoCoefficient, study.Sampling()), full);
        yield return Of("14", "Argmax is more accurate than drawing from the softmax", "82.82 against 82.35",
            full, context.Outcome(benchmark, Arm.Coefficient, study.Sampling(toOne: ToOneKind.Multinomial)));
    }
}
