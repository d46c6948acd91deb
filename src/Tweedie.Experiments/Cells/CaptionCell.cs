using Tweedie.Configuration;
using Tweedie.Evaluation;

namespace Tweedie.Experiments.Cells;

/// <summary>Captions all test images with a trained model, once for each sampling of a grid.</summary>
/// <param name="Model">The model.</param>
/// <param name="Settings">The grid.</param>
public sealed record CaptionCell(TrainingCell Model, CaptionSettings Settings) : ICell<IReadOnlyList<CaptionSet>>
{
    /// <inheritdoc/>
    public string Kind => "captions";

    /// <inheritdoc/>
    public string Title => $"{Model.Title}: captions";

    /// <inheritdoc/>
    public string Identity => Model.Identity + ConfigWriter.ToYaml(Settings);

    /// <inheritdoc/>
    public IReadOnlyList<CaptionSet> Run(CellContext context, CancellationToken cancellation)
    {
        var model = OpenCaptioner.Open(Model, context);
        var truth = Enumerable.Range(0, model.Test.Count).Select(index => model.Test.GetCaptions(index)[0]).ToList();
        return [.. CaptionEvaluator.Evaluate(model.Captioner, model.Test, Settings, cancellation: cancellation).Select(row => new CaptionSet(
            row.Steps, row.Decode, row.Control, row.Captions, row.Scores.Bleu.Score(4), row.Scores.RougeL, row.Scores.CiderD,
            row.RightMeaning is null ? null : string.Concat(row.Captions.Zip(truth, (caption, reference) => SceneMeaning.RightShare([caption], [reference]) > 0 ? '1' : '0'))))];
    }
}
