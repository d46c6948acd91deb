using Tweedie.Experiments.Cells;
using Tweedie.Experiments.Exhibits;
using Tweedie.Experiments.Statistics;
using Tweedie.Models;
using Tweedie.Sampling;

namespace Tweedie.Experiments.Paper;

/// <summary>
/// Table 3: how well captions fit their images according to a CLIP: true captions, shuffled ones, those of masked and those of one-hot diffusion.
/// </summary>
public sealed class CaptionScoresTable : IExperiment
{
    /// <inheritdoc/>
    public string Name => "table3";

    /// <inheritdoc/>
    public string Title => "Table 3. CLIP scores of captions";

    /// <inheritdoc/>
    public IEnumerable<ICell> Cells(Study study) =>
        study.Captions.SelectMany(benchmark => benchmark.Scores().Captions.Append<ICell>(benchmark.Scores()));

    /// <inheritdoc/>
    public Exhibit Create(ExhibitContext context) => new()
    {
        Name = Name,
        Title = Title,
        Notes =
        [
            "The CLIP score is the cosine, as the paper prints it; 100·cos and 2.5·cos are other conventions. The paper does not name its CLIP, so its numbers compare with each other and not with these.",
            .. context.Study.Captions.Select(benchmark => $"{benchmark.Title}: the judge is a CLIP {context.Read(benchmark.Scores()).Judge}."),
            "Masked diffusion reveals its tokens by confidence; both methods have the same encoder, blocks and length. BLEU-4 and ROUGE-L are shares, CIDEr-D goes to 10; \"right\" is, for generated scenes, the share of captions that say exactly what the image shows.",
        ],
        Tables = [.. context.Study.Captions.Select(benchmark => Table(context, benchmark))],
        Claims = [.. context.Study.Captions.SelectMany(benchmark => Claims(context, benchmark))],
    };

    private static ExhibitTable Table(ExhibitContext context, CaptionBenchmark benchmark)
    {
        var scores = context.Read(benchmark.Scores());
        string[] none = ["", "", "", ""];
        string Above(IReadOnlyList<IReadOnlyList<double>> cosines) => Show.Percent(new Outcome(
            [.. cosines.Select(seed => seed.Zip(scores.Shuffled, (own, other) => own > other).ToArray())]).Accuracy);
        List<IReadOnlyList<string>> rows =
        [
            ["true captions", "0.30", Score([scores.Truth.Average()]), Above([scores.Truth]), .. none],
            ["captions of another image", "0.16", Score([scores.Shuffled.Average()]), "", .. none],
        ];
        foreach (var (method, paper) in new[] { (TokenMethod.Mdd, "0.18"), (TokenMethod.Tdd, "0.25") })
        {
            var judged = Judged(context, benchmark, method);
            foreach (var set in Enumerable.Range(0, judged[0].Count).Where(set => IsShown(judged[0][set].Set)))
            {
                var seeds = judged.Select(seed => seed[set]).ToList();
                var first = seeds[0].Set;
                rows.Add([RowTitle(method, first), IsMain(first, benchmark) ? paper : "–", Score([.. seeds.Select(seed => seed.Cosines.Average())]), Above([.. seeds.Select(seed => seed.Cosines)]),
                    Score([.. seeds.Select(seed => seed.Set.Bleu4)]), Score([.. seeds.Select(seed => seed.Set.RougeL)]), Score([.. seeds.Select(seed => seed.Set.CiderD)]),
                    first.RightMeaning is null ? "–" : Show.Percent(new Outcome([.. seeds.Select(seed => seed.Set.RightMeaning!)]).Accuracy) + " %"]);
            }
        }
        return new($"{benchmark.Title}, test images; mean ± standard deviation over {(benchmark.Seeds == 1 ? "one seed" : $"{benchmark.Seeds} seeds")}",
            ["captions", "CLIP score, paper", "CLIP score, here", "above another image's caption, %", "BLEU-4", "ROUGE-L", "CIDEr-D", "right"], rows);
    }

    private static IEnumerable<Claim> Claims(ExhibitContext context, CaptionBenchmark benchmark)
    {
        var scores = context.Read(benchmark.Scores());
        var (masked, diffused) = (Main(context, benchmark, TokenMethod.Mdd), Main(context, benchmark, TokenMethod.Tdd));
        IReadOnlyList<double>[] shuffled = [.. diffused.Select(_ => scores.Shuffled)];
        yield return new("TDD captions fit their images better than MDD captions (100·cosine)", "0.25 against 0.18", benchmark.Title,
            Comparison.OfScores([.. diffused.Select(seed => seed.Cosines)], [.. masked.Select(seed => seed.Cosines)]))
        {
            Number = "19",
        };
        yield return new("TDD captions fit their images better than captions of another image (100·cosine)", "0.25 against 0.16", benchmark.Title,
            Comparison.OfScores([.. diffused.Select(seed => seed.Cosines)], shuffled))
        {
            Number = "20",
        };
        if (diffused[0].Set.RightMeaning is not null)
            yield return new("TDD captions say exactly what the image shows more often than MDD captions", "not examined", benchmark.Title, Comparison.Of(
                new Outcome([.. diffused.Select(seed => seed.Set.RightMeaning!)]), new Outcome([.. masked.Select(seed => seed.Set.RightMeaning!)])))
            {
                Number = "19",
            };
    }

    // For each seed, each set of captions with its cosines.
    private static List<List<(CaptionSet Set, IReadOnlyList<double> Cosines)>> Judged(ExhibitContext context, CaptionBenchmark benchmark, TokenMethod method)
    {
        var generated = context.Read(benchmark.Scores()).Generated.Skip(method == TokenMethod.Mdd ? 0 : benchmark.Seeds);
        return [.. benchmark.Captions(method).Zip(generated, (cell, cosines) => context.Read(cell).Zip(cosines).ToList())];
    }

    private static List<(CaptionSet Set, IReadOnlyList<double> Cosines)> Main(ExhibitContext context, CaptionBenchmark benchmark, TokenMethod method) =>
        [.. Judged(context, benchmark, method).Select(seed => seed.Single(judged => IsMain(judged.Set, benchmark)))];

    // With one step, last, consensus and control are the same, so one row is enough. A single step of the control is the same again.
    private static bool IsShown(CaptionSet set) => set.Steps == 1
        ? set.Decode == DecodeKind.Last && !set.Control
        : set.Decode == DecodeKind.Consensus || !set.Control;

    private static bool IsMain(CaptionSet set, CaptionBenchmark benchmark) =>
        set.Steps == benchmark.Steps && set.Decode == DecodeKind.Last && !set.Control;

    private static string RowTitle(TokenMethod method, CaptionSet set) =>
        $"{method.ToString().ToUpperInvariant()}: {(set.Control ? "control, " : "")}{set.Steps} step{(set.Steps == 1 ? "" : "s")}{(set.Decode == DecodeKind.Consensus ? ", consensus" : "")}";

    private static string Score(IReadOnlyCollection<double> seeds) => Summary.Of(seeds) is { Deviation: { } deviation } summary
        ? FormattableString.Invariant($"{summary.Mean:F3} ± {deviation:F3}") : FormattableString.Invariant($"{seeds.First():F3}");
}
