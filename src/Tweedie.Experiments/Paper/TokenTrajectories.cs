using Tweedie.Experiments.Cells;
using Tweedie.Experiments.Exhibits;
using Tweedie.Experiments.Plots;

namespace Tweedie.Experiments.Paper;

/// <summary>Figure 10: heat maps of the candidates of single tokens over the steps.</summary>
public sealed class TokenTrajectories : IExperiment
{
    /// <inheritdoc/>
    public string Name => "figure10";

    /// <inheritdoc/>
    public string Title => "Figure 10. Candidates of single tokens, picked by rule";

    /// <inheritdoc/>
    public IEnumerable<ICell> Cells(Study study) => study.Captions.Select(benchmark => benchmark.Traces());

    /// <inheritdoc/>
    public Exhibit Create(ExhibitContext context) => new()
    {
        Name = Name,
        Title = Title,
        Notes =
        [
            $"TDD, seed 1. Picked by rule among the words of the first {CaptionTraceCell.Images} test images' final sentences, in order: the first that changes once (corrected), the first that never changes (stable), the one that changes most often (contested). The rule looks at changes only, not at which word is right. A kind that does not occur is left out.",
            "Dark is probability 0, bright 1; a ring marks the choice of each step, and a step without one chose a word that is not shown. The final word is on top.",
            "The noise is that of figure 9, not that of figures 7 and 8.",
        ],
        Figures = [.. context.Study.Captions.SelectMany(benchmark => context.Read(benchmark.Traces()).Tokens.Select(token => Draw(context, benchmark, token)))],
    };

    private ExhibitFigure Draw(ExhibitContext context, CaptionBenchmark benchmark, TokenTrace token)
    {
        var sentence = context.Read(benchmark.Traces()).Sentences[token.Item];
        var timesteps = sentence.Timesteps.Select(timestep => $"{timestep}").ToList();
        var kind = token.Kind.ToString().ToLowerInvariant();
        return context.Save(new HeatMap("t", timesteps, token.Candidates, token.Probabilities, token.Chosen), $"{Name}-{benchmark.Name}-{kind}",
            $"{benchmark.Title}, {kind} ({Rule(token.Kind)}): word {token.Position + 1} of test image {token.Item}, \"{token.Candidates[0]}\", "
            + $"which the first human caption {(IsIn(sentence.Truth, token.Candidates[0]) ? "has too" : "does not have")}. Rings: the choice of each step.");
    }

    private static string Rule(TrajectoryKind kind) => kind switch
    {
        TrajectoryKind.Corrected => "it changes once",
        TrajectoryKind.Stable => "it never changes",
        _ => "it changes most often",
    };

    private static bool IsIn(string sentence, string word) =>
        sentence.Split(' ', '.', ',').Contains(word, StringComparer.OrdinalIgnoreCase);
}
