using Tweedie.Configuration;
using Tweedie.Diffusion;
using Tweedie.Images;
using Tweedie.Sampling;
using Tweedie.Text;
using static TorchSharp.torch;

namespace Tweedie.Experiments.Cells;

/// <summary>Follows the first test images' sentences from noise, and picks one token of each <see cref="TrajectoryKind"/>.</summary>
/// <param name="Model">The model, of one-hot diffusion.</param>
/// <param name="Sampling">How to sample.</param>
public sealed record CaptionTraceCell(TrainingCell Model, SamplingOptions Sampling) : ICell<CaptionTraces>
{
    /// <summary>The number of test images, the first ones, that are shown. One token of each kind is picked among their tokens.</summary>
    public const int Images = 16;

    private const int ShownCandidates = 6;

    /// <inheritdoc/>
    public string Kind => "caption-traces";

    /// <inheritdoc/>
    public string Title => $"{Model.Title}: single sentences";

    /// <inheritdoc/>
    public string Identity => Model.Identity + ConfigWriter.ToYaml(Sampling);

    /// <inheritdoc/>
    public CaptionTraces Run(CellContext context, CancellationToken cancellation)
    {
        var model = OpenModel.Open(Model, context);
        var (captioner, test) = (model.Captioner, model.Captioned);
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var images = Enumerable.Range(0, Math.Min(Images, test.Count)).Select(test.Read).ToList();
        var condition = captioner.Encode(captioner.Prepare(images));
        var steps = captioner.Denoise(condition, Sampling, cancellation: cancellation).Select(step => step.Snapshot()).ToList();
        var sentences = images.Select((image, item) => new CaptionTrace(item, ImageWriter.ToPng(image), test.GetCaptions(item)[0],
            [.. steps.Select(step => step.Timestep)], [.. steps.Select(step => captioner.Sentence(step.Tokens[item]))]));
        var picked = Pick([.. steps.Select(step => step.Tokens)], captioner.Tokenizer.Special.End).ToList();
        // The same tokens are sampled a second time, because the distributions of all tokens and steps would take gigabytes.
        var rows = captioner.Denoise(condition, Sampling, cancellation: cancellation).Select(step => Distributions(step, picked)).ToList();
        return new([.. sentences], [.. picked.Select((token, i) =>
            Describe(token.Kind, token.Item, token.Position, steps, [.. rows.Select(step => step[i])], captioner.Tokenizer))]);
    }

    /// <summary>
    /// Picks among the tokens of the final sentences, image by image and word by word. The corrected token is the first that changes once, the stable token
    /// the first that never changes, and the contested token the one that changes most often. A kind that no token fits is left out.
    /// </summary>
    /// <param name="steps">For each step and item, the row of chosen tokens.</param>
    /// <param name="end">The end token.</param>
    internal static IEnumerable<(TrajectoryKind Kind, int Item, int Position)> Pick(IReadOnlyList<IReadOnlyList<long[]>> steps, int end)
    {
        var tokens = Enumerable.Range(0, steps[^1].Count)
            .SelectMany(item => steps[^1][item].TakeWhile(token => token != end).Select((_, position) => (Item: item, Position: position)))
            .Select(token => (token.Item, token.Position, Changes: steps.Zip(steps.Skip(1)).Count(pair =>
                pair.First[token.Item][token.Position] != pair.Second[token.Item][token.Position]))).ToList();
        foreach (var token in tokens.Where(token => token.Changes == 1).Take(1))
            yield return (TrajectoryKind.Corrected, token.Item, token.Position);
        foreach (var token in tokens.Where(token => token.Changes == 0).Take(1))
            yield return (TrajectoryKind.Stable, token.Item, token.Position);
        foreach (var token in tokens.Where(token => token.Changes > 1).OrderByDescending(token => token.Changes).Take(1)) // a stable sort
            yield return (TrajectoryKind.Contested, token.Item, token.Position);
    }

    private static List<float[]> Distributions(DenoisingStep step, IReadOnlyList<(TrajectoryKind Kind, int Item, int Position)> tokens)
    {
        using var scope = NewDisposeScope();
        var probabilities = step.Probabilities();
        return [.. tokens.Select(token => probabilities[token.Item, token.Position].cpu().data<float>().ToArray())];
    }

    private static TokenTrace Describe(
        TrajectoryKind kind, int item, int position, List<StepSnapshot> steps, IReadOnlyList<float[]> rows, ITokenizer tokenizer)
    {
        var chosen = steps.Select(step => (int)step.Tokens[item][position]).ToList();
        var candidates = Enumerable.Range(0, rows[0].Length).Where(entry => entry != chosen[^1]).OrderByDescending(entry => rows.Max(row => row[entry]))
            .Take(ShownCandidates - 1).Prepend(chosen[^1]).ToList();
        return new(kind, item, position, [.. candidates.Select(entry => tokenizer.Token(entry))],
            [.. rows.Select(row => (IReadOnlyList<double>)[.. candidates.Select(entry => Math.Round(row[entry], 4))])], [.. chosen.Select(entry => candidates.IndexOf(entry))]);
    }
}

/// <summary>Sentences and tokens on their way from noise.</summary>
/// <param name="Sentences">The first test images.</param>
/// <param name="Tokens">One token of each kind that occurs.</param>
public sealed record CaptionTraces(IReadOnlyList<CaptionTrace> Sentences, IReadOnlyList<TokenTrace> Tokens);
