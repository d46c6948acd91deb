using Tweedie.Experiments.Cells;
using Tweedie.Experiments.Exhibits;

namespace Tweedie.Experiments.Paper;

/// <summary>Figure 9: the sentence at chosen timesteps.</summary>
public sealed class CaptionsByTimestep : IExperiment
{
    private const int Images = 4;
    private const int Shown = 6;

    /// <inheritdoc/>
    public string Name => "figure9";

    /// <inheritdoc/>
    public string Title => "Figure 9. Captions at chosen timesteps";

    /// <inheritdoc/>
    public IEnumerable<ICell> Cells(Study study) => study.Captions.Select(benchmark => benchmark.Traces());

    /// <inheritdoc/>
    public Exhibit Create(ExhibitContext context) => new()
    {
        Name = Name,
        Title = Title,
        Notes =
        [
            $"TDD, seed 1, the first {Images} test images, at {Shown} evenly spaced steps; a word stands for each token up to the first end token.",
            "The noise is not that of figures 7 and 8 but that of figure 10, so a last sentence may differ from the one there.",
        ],
        Gallery = [.. context.Study.Captions.SelectMany(benchmark => context.Read(benchmark.Traces()).Sentences.Take(Images).Select(Show))],
    };

    private static CaptionedImage Show(CaptionTrace trace)
    {
        var steps = Enumerable.Range(0, Shown).Select(shown => (int)Math.Round(shown * (trace.Sentences.Count - 1.0) / (Shown - 1))).Distinct();
        return new(trace.Png, [.. steps.Select(step => new CaptionLine($"t = {trace.Timesteps[step]}", trace.Sentences[step])), new("truth", trace.Truth)]);
    }
}
