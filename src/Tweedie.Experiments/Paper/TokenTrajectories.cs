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
    public string Title => "Figure 10. Candidates of single tokens";

    /// <inheritdoc/>
    public IEnumerable<ICell> Cells(Study study) => study.Captions.Select(benchmark => benchmark.Traces());

    /// <inheritdoc/>
    public Exhibit Create(ExhibitContext context) => new()
    {
        Name = Name,
        Title = Title,
        Notes =
        [
            $"TDD, seed 1. Picked by rule among the words of the first {CaptionTraceCell.Images} test images' final sentences, in order: the first that changes once (corrected), the first that never changes (stable), the one that changes most often (contested). A kind that does not occur is left out.",
            "Dark is probability 0, bright 1; a ring marks the choice of each step. The final word is on top.",
        ],
        Figures = [.. context.Study.Captions.SelectMany(benchmark => context.Read(benchmark.Traces()).Tokens.Select(token => Draw(context, benchmark, token)))],
    };

    private ExhibitFigure Draw(ExhibitContext context, CaptionBenchmark benchmark, TokenTrace token)
    {
        var timesteps = context.Read(benchmark.Traces()).Sentences[0].Steps.Select(step => $"{step.Timestep}").ToList();
        var kind = token.Kind.ToString().ToLowerInvariant();
        return context.Save(new HeatMap("t", timesteps, token.Candidates, token.Probabilities, token.Chosen),
            $"{Name}-{benchmark.Name}-{kind}", $"{benchmark.Title}, {kind}: word {token.Position + 1} of test image {token.Item}, \"{token.Candidates[0]}\".");
    }
}
