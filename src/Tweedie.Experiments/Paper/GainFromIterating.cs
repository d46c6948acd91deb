using Tweedie.Experiments.Cells;
using Tweedie.Experiments.Exhibits;
using Tweedie.Experiments.Plots;
using Tweedie.Experiments.Statistics;
using Tweedie.Models;
using Tweedie.Sampling;

namespace Tweedie.Experiments.Paper;

/// <summary>Where iterating can help: its gain over one step and over the noise-only control, by how much the tokens of an item tell about each other.</summary>
public sealed class GainFromIterating : IExperiment
{
    private static readonly Arm[] Labels = [Arm.NoCoefficient, Arm.Coefficient];

    /// <inheritdoc/>
    public string Name => "iterating";

    /// <inheritdoc/>
    public string Title => "Where iterating can help";

    /// <inheritdoc/>
    public IEnumerable<ICell> Cells(Study study) =>
    [
        .. from benchmark in study.Benchmarks.Where(HasLabels)
           from sampling in new[] { study.Sampling(1), study.Sampling(), study.Sampling(control: true) }
           from cell in study.Samplings(benchmark, ArmOf(benchmark), sampling)
           select cell,
        .. study.Rows.SelectMany(benchmark => study.SeedValues.Select(benchmark.Solved)),
        .. study.Captions.Where(SaysScenes).SelectMany(benchmark => benchmark.Captions(TokenMethod.Tdd)),
    ];

    /// <inheritdoc/>
    public Exhibit Create(ExhibitContext context)
    {
        List<Task> tasks = [.. OfLabels(context), .. OfRows(context), .. OfCaptions(context)];
        return new()
        {
            Name = Name,
            Title = Title,
            Notes =
            [
                "Shares of items that are right in all of their tokens. \"Several steps\" is the paper's loop, last step; the control takes as many steps but feeds nothing back, and averages them.",
                "Why one label cannot gain: given the image x, the next state is made of the guess ŷ and fresh noise, and ŷ is a function of x and of noise. So y → x → ŷ → state is a Markov chain, and by the data-processing inequality the state tells no more about the label y than x does, which the network sees anyway. What a loop can still do is average out the noise of its own input, and the control does that without feedback.",
                "Several tokens can gain, because one step predicts each token by itself: it draws from the product of the tokens' distributions, and what they tell about each other (the total correlation) is lost. A token that is fed back tells the others what was chosen. Where the condition decides every token in one look (attributes of a sharp image), nothing is left to agree on. Where it decides them only by a search (puzzles), the loop also lends the network depth that one pass lacks.",
                "Total correlation: of one label 0; of attributes and puzzles exact; of generated captions from the grammar, place by place. For captions of photographs the law is not known: the sum of the words' entropies minus the nats of an autoregressive model on the same captions is a lower bound.",
            ],
            Tables = tasks.Count == 0 ? [] : [Table(context, tasks)],
            Figures = tasks.Count == 0 ? [] : [Draw(context, tasks)],
            Claims = [.. tasks.SelectMany(Claims)],
        };
    }

    private static bool HasLabels(Benchmark benchmark) => Labels.Any(arm => benchmark.Has(arm));

    private static Arm ArmOf(Benchmark benchmark) => Labels.First(arm => benchmark.Has(arm));

    private static bool SaysScenes(CaptionBenchmark benchmark) => benchmark.Run.Data.Train.StartsWith("scenes:", StringComparison.Ordinal);

    private static IEnumerable<Task> OfLabels(ExhibitContext context)
    {
        var study = context.Study;
        foreach (var benchmark in study.Benchmarks.Where(HasLabels))
        {
            var arm = ArmOf(benchmark);
            yield return new(benchmark.Title, 0, "one token", study.Steps, context.Outcome(benchmark, arm, study.Sampling(1)),
                context.Outcome(benchmark, arm, study.Sampling()), context.Outcome(benchmark, arm, study.Sampling(control: true), DecodeKind.Consensus));
        }
    }

    private static IEnumerable<Task> OfRows(ExhibitContext context) => context.Study.Rows.Select(benchmark =>
    {
        var seeds = context.Study.SeedValues.Select(seed => context.Read(benchmark.Solved(seed))).ToList();
        Outcome Of(int steps, bool control) => new([.. seeds.Select(sets => sets
            .Single(set => set.Steps == steps && set.Control == control && set.Decode == (control ? DecodeKind.Consensus : DecodeKind.Last)).Right.Select(mark => mark == '1').ToArray())]);
        return new Task(benchmark.Title, benchmark.Correlation, benchmark.How, benchmark.Steps, Of(1, control: false), Of(benchmark.Steps, control: false), Of(benchmark.Steps, control: true));
    });

    private static IEnumerable<Task> OfCaptions(ExhibitContext context) => context.Study.Captions.Where(SaysScenes).Select(benchmark =>
    {
        var seeds = benchmark.Captions(TokenMethod.Tdd).Select(context.Read).ToList();
        Outcome Of(int steps, bool control) => new([.. seeds.Select(sets => sets
            .Single(set => set.Steps == steps && set.Control == control && set.Decode == (control ? DecodeKind.Consensus : DecodeKind.Last)).RightMeaning!)]);
        return new Task($"captions of {benchmark.Title}", SceneCorrelation.OfCaptions(),
            FormattableString.Invariant($"from the grammar; given the scene {SceneCorrelation.OfCaptionsGivenTheScene():F1} bits"), benchmark.Steps, Of(1, control: false), Of(benchmark.Steps, control: false), Of(benchmark.Steps, control: true));
    });

    private static ExhibitTable Table(ExhibitContext context, IReadOnlyList<Task> tasks) => new($"Items right in all tokens, in %; {context.Study.SeedCount}",
        ["task", "total correlation, bits", "how it is known", "steps", "1 step", "several steps", "control", "gain over 1 step", "95 %", "gain over the control", "95 %"],
        [.. tasks.Select(task => (IReadOnlyList<string>)
        [
            task.Title, FormattableString.Invariant($"{task.Correlation:F1}"), task.How, $"{task.Steps}", Show.Percent(task.One.Accuracy), Show.Percent(task.Many.Accuracy), Show.Percent(task.Control.Accuracy),
            Show.Points(task.ToOne.Difference), Show.Points(task.ToOne.Interval), Show.Points(task.ToControl.Difference), Show.Points(task.ToControl.Interval),
        ])]);

    private ExhibitFigure Draw(ExhibitContext context, IReadOnlyList<Task> tasks)
    {
        var chart = new Chart("total correlation of the tokens of an item (bits)", "gain from iterating (points)");
        var ordered = tasks.OrderBy(task => task.Correlation).ToList();
        Series Line(string name, int color, Func<Task, Comparison> gain) => new(name, [.. ordered.Select(task => task.Correlation)], [.. ordered.Select(task => 100 * gain(task).Difference)])
        {
            Color = color,
            Line = (LineKind)color,
        };
        chart.Add(Line("over one step", 0, task => task.ToOne));
        chart.Add(Line("over the noise-only control", 1, task => task.ToControl));
        return context.Save(chart, Name, $"From left to right: {string.Join(", ", ordered.Select(task => task.Title))}.");
    }

    private static IEnumerable<Claim> Claims(Task task)
    {
        yield return new($"{task.Steps} steps get more items right than one", "Fig. 5, for labels", task.Title, task.ToOne) { Number = task.Correlation == 0 ? null : "10" };
        yield return new($"{task.Steps} steps get more items right than as many without feedback", "not examined", task.Title, task.ToControl) { Number = "10" };
    }

    private sealed record Task(string Title, double Correlation, string How, int Steps, Outcome One, Outcome Many, Outcome Control)
    {
        public Comparison ToOne { get; } = Comparison.Of(Many, One);

        public Comparison ToControl { get; } = Comparison.Of(Many, Control);
    }
}
