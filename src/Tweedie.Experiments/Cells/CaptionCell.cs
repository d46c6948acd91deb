using Tweedie.Configuration;
using Tweedie.Evaluation;

namespace Tweedie.Experiments.Cells;

/// <summary>Captions all test images with a trained model, once for each sampling of a grid.</summary>
/// <param name="Model">The model.</param>
/// <param name="Settings">The grid.</param>
public sealed record CaptionCell(TrainingCell Model, EvaluationSettings Settings) : ICell<IReadOnlyList<CaptionSet>>
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
        var model = OpenModel.Open(Model, context);
        var images = EncodedImages.Stream(model.Model, model.Test, Settings.BatchSize, cancellation: cancellation);
        return [.. Evaluator.Evaluate(model.Model, images, Settings, [() => new CaptionQuality(model.Captioner, model.Captioned)], cancellation)
            .Select(row => CaptionSet.Of(row, model.Captioned))];
    }
}
