using Tweedie.Experiments.Cells;
using Tweedie.Experiments.Exhibits;
using Tweedie.Experiments.Statistics;
using Tweedie.Sampling;

namespace Tweedie.Experiments.Paper;

/// <summary>Variants of TDD that the paper leaves out or that others use, one change each, with what each costs.</summary>
public sealed class Variants : IExperiment
{
    /// <inheritdoc/>
    public string Name => "variants";

    /// <inheritdoc/>
    public string Title => "Variants of TDD, one change each";

    /// <inheritdoc/>
    public IEnumerable<ICell> Cells(Study study) =>
        from benchmark in Benchmarks(study)
        from variation in Variation.All
        from cell in Both(study, benchmark, variation)
        select cell;

    /// <inheritdoc/>
    public Exhibit Create(ExhibitContext context)
    {
        var study = context.Study;
        return new()
        {
            Name = Name,
            Title = Title,
            Notes =
            [
                $"TDD without the coefficient, the first {study.VariantSeeds} seeds, guidance {study.Guidance}; \"last\" is the paper's rule. Changes above \"T = 100\" are to the sampling of the same models. The difference is that of the last of {study.Steps} steps.",
                .. study.ShowsTime ? ["Times were measured on the machine of this report: the training steps of one training, and the sampling of all test images in the steps of a loop, without the encoder. Other work on the machine lengthens them."] : (string[])[],
            ],
            Tables = [.. Benchmarks(study).Select(benchmark => Table(context, benchmark))],
            Findings = [.. Benchmarks(study).Select(benchmark => Hot(context, benchmark))],
            Claims = [.. Benchmarks(study).SelectMany(benchmark => Claims(context, benchmark))],
        };
    }

    private static IEnumerable<Benchmark> Benchmarks(Study study) => study.BenchmarksWith(Arm.NoCoefficient).Where(benchmark => benchmark.HasVariants);

    private static IEnumerable<SamplingCell> Both(Study study, Benchmark benchmark, Variation variation) =>
        [.. variation.Samplings(study, benchmark, study.Sampling(steps: 1)), .. variation.Samplings(study, benchmark, study.Sampling())];

    private static Outcome Of(ExhibitContext context, Benchmark benchmark, Variation variation, int? steps = null, DecodeKind decode = DecodeKind.Last) =>
        new([.. variation.Samplings(context.Study, benchmark, context.Study.Sampling(steps)).Select(cell => context.Read(cell).By(decode).Correct)]);

    private static ExhibitTable Table(ExhibitContext context, Benchmark benchmark)
    {
        var study = context.Study;
        var reference = Of(context, benchmark, Variation.All[0]);
        string[] time = study.ShowsTime ? ["training, s", $"sampling {study.Steps} steps, s"] : [];
        return new($"Top-1 accuracy in % on the test images of {benchmark.Title}; mean ± standard deviation over {study.VariantSeeds} seeds",
            ["variant", "1 step", $"{study.Steps} steps, last", $"{study.Steps} steps, consensus", "last, to TDD", "95 % interval", "verdict", "training loss, last", .. time],
            [.. Variation.All.Select(variation =>
            {
                var last = Of(context, benchmark, variation);
                var difference = Comparison.Of(last, reference);
                string[] comparison = variation == Variation.All[0] ? ["", "", ""] : [Show.Points(difference.Difference), Show.Points(difference.Interval), Show.Words(difference.Verdict)];
                var trainings = Trainings(context, benchmark, variation);
                string[] cost = study.ShowsTime
                    ? [FormattableString.Invariant($"{trainings.Average(training => training.Seconds):F0}"), FormattableString.Invariant($"{variation.Samplings(study, benchmark, study.Sampling()).Average(cell => context.Read(cell).Seconds):F2}")] : [];
                return (IReadOnlyList<string>)[variation.Title, Show.Percent(Of(context, benchmark, variation, steps: 1).Accuracy), Show.Percent(last.Accuracy),
                    Show.Percent(Of(context, benchmark, variation, decode: DecodeKind.Consensus).Accuracy), .. comparison, FormattableString.Invariant($"{Loss(trainings):F3}"), .. cost];
            })]);
    }

    private static IReadOnlyList<TrainingResult> Trainings(ExhibitContext context, Benchmark benchmark, Variation variation) =>
        [.. context.Study.SeedValues.Take(context.Study.VariantSeeds).Select(seed => context.Read(variation.Training(benchmark, seed)))];

    private static double Loss(IReadOnlyList<TrainingResult> trainings) => trainings.Average(training => training.Loss[^1].Value);

    private static Finding Hot(ExhibitContext context, Benchmark benchmark)
    {
        var (hot, reference) = (Variation.Of("λ = 0.5 (λ-hot)"), Variation.All[0]);
        var (loss, ofOneHot) = (Loss(Trainings(context, benchmark, hot)), Loss(Trainings(context, benchmark, reference)));
        var gain = Comparison.Of(Of(context, benchmark, hot), Of(context, benchmark, reference));
        var verdict = gain.BySeed.Count < Comparison.MinimumSeeds ? Verdict.CannotTell : loss < ofOneHot && gain.Verdict != Verdict.Holds ? Verdict.Holds : Verdict.DoesNotHold;
        return new("16", verdict,
            FormattableString.Invariant($"{benchmark.Title}, λ = 0.5: training loss {loss:F3} against {ofOneHot:F3}, accuracy {Show.Points(gain.Difference)} {Show.Points(gain.Interval)} points"),
            "holds if the loss is lower and the interval of the accuracy's difference is not above zero");
    }

    private static IEnumerable<Claim> Claims(ExhibitContext context, Benchmark benchmark)
    {
        var reference = Variation.All[0];
        Claim Than(string number, string statement, string paper, Variation better, Variation worse) =>
            new(statement, paper, benchmark.Title, Comparison.Of(Of(context, benchmark, better), Of(context, benchmark, worse))) { Number = number };

        yield return Than("17", "R = 4 is more accurate than R = 1", "not shown", reference, Variation.Of("R = 1"));
        yield return Than("18", "Averaged weights are more accurate than the newest ones", "not shown", reference, Variation.Of("newest weights, no average"));
        yield return Than("10", "The paper's feedback is more accurate than feedback that cannot be read (0.1·onehot + 1.0·ε)", "not examined", reference, Variation.Of("feedback 0.1·onehot + 1.0·ε (E0)"));
    }
}
