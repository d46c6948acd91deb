using Tweedie.Models;
using Tweedie.Training;
using static TorchSharp.torch;

namespace Tweedie.Experiments.Cells;

/// <summary>Scores generated captions with a CLIP, beside the true captions and those of other images.</summary>
/// <param name="Captions">The captions, all of the same test images.</param>
/// <param name="Trained">The training of the CLIP; null for a published one.</param>
/// <param name="Folder">The folder of a published CLIP; null for a trained one.</param>
public sealed record ClipScoreCell(IReadOnlyList<CaptionCell> Captions, TrainingCell? Trained, string? Folder) : ICell<ClipScores>
{
    /// <inheritdoc/>
    public string Kind => "clip-scores";

    /// <inheritdoc/>
    public string Title => $"{Model.Name}: CLIP scores";

    /// <inheritdoc/>
    public string Identity => string.Join('\n', Captions.Select(captions => captions.Identity).Append(Trained?.Identity ?? Folder));

    /// <inheritdoc/>
    public TrainingCell Model => Trained ?? Captions[^1].Model;

    /// <inheritdoc/>
    public IEnumerable<ICell> Needs => Captions;

    /// <inheritdoc/>
    public ClipScores Run(CellContext context, CancellationToken cancellation)
    {
        using var published = Folder is null ? null : ClipModel.Load(Folder, context.Device);
        var clip = published ?? context.Open(Trained!, folder => ClipModel.Load(folder, context.Device));
        var test = OpenModel.TestOf((CaptionRun)Captions[0].Model.Config, channels: 3);
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var indices = Enumerable.Range(0, test.Count).ToList();
        var images = clip.EncodeImages(indices.Select(test.Read), cancellation);
        var truth = clip.EncodeTexts(indices.Select(index => test.GetCaptions(index)[0]), cancellation);
        return new(
            $"{(Folder is null ? "trained here on the same training images" : Folder)}, weights sha256 {clip.WeightsHash?[..12]}",
            Cosines(images, truth),
            Cosines(images, truth.roll(1, 0)),
            [.. Captions.Select(cell => (IReadOnlyList<IReadOnlyList<double>>)
                [.. context.Store.Read(cell).Select(set => Cosines(images, clip.EncodeTexts(set.Captions, cancellation)))])]);
    }

    private static double[] Cosines(Tensor images, Tensor texts)
    {
        using var scope = NewDisposeScope();
        return [.. (images.to(float64) * texts.to(float64)).sum([1L]).cpu().data<double>().Select(cosine => Math.Round(cosine, 6))];
    }
}
