using Tweedie.Experiments.Cells;
using Tweedie.Experiments.Exhibits;
using Tweedie.Models;
using Tweedie.Sampling;

namespace Tweedie.Experiments.Paper;

/// <summary>Figures 7 and 8: images with their true captions beside generated ones.</summary>
/// <param name="name">Its name on the command line.</param>
/// <param name="title">Its title.</param>
/// <param name="methods">The methods whose captions are shown.</param>
/// <param name="first">The number of the first image shown.</param>
public sealed class CaptionsBesideTruth(string name, string title, IReadOnlyList<TokenMethod> methods, int first) : IExperiment
{
    /// <summary>The number of images shown.</summary>
    public const int Images = 8;

    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public string Title => title;

    /// <inheritdoc/>
    public IEnumerable<ICell> Cells(Study study) => study.Captions.SelectMany(benchmark =>
        methods.Select(method => (ICell)benchmark.Captions(method)[0]).Append(benchmark.Traces()));

    /// <inheritdoc/>
    public Exhibit Create(ExhibitContext context) => new()
    {
        Name = Name,
        Title = Title,
        Notes =
        [
            $"Seed 1. Test images {first} to {first + Images - 1}, as they come: none is picked for its look.",
            "The sentences are those that Table 3 scores. Figures 9 and 10 draw other noise for the same model and images, so their sentences may differ.",
        ],
        Gallery = [.. context.Study.Captions.SelectMany(benchmark => Show(context, benchmark))],
    };

    private IEnumerable<CaptionedImage> Show(ExhibitContext context, CaptionBenchmark benchmark)
    {
        var sets = methods.Select(method => (Method: method, context.Read(benchmark.Captions(method)[0])
            .Single(set => set.Steps == benchmark.Steps && set.Decode == DecodeKind.Last && !set.Control).Captions)).ToList();
        return context.Read(benchmark.Traces()).Sentences.Skip(first).Take(Images).Select(image => new CaptionedImage(image.Png,
            [new("truth", image.Truth), .. sets.Select(set => new CaptionLine(set.Method.ToString().ToUpperInvariant(), set.Captions[image.Item]))]));
    }
}
