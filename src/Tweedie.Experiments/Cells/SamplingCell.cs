using Tweedie.Configuration;
using Tweedie.Evaluation;
using Tweedie.Sampling;

namespace Tweedie.Experiments.Cells;

/// <summary>Predicts all test images with a trained model.</summary>
/// <param name="Model">The model.</param>
/// <param name="Sampling">How to sample, with one draw per image; null for a linear head.</param>
public sealed record SamplingCell(TrainingCell Model, SamplingOptions? Sampling) : ICell<SamplingResult>
{
    private const int BatchSize = 1000;

    /// <inheritdoc/>
    public string Kind => "sampling";

    /// <inheritdoc/>
    public string Title => Sampling is null ? $"{Model.Title}: prediction"
        : FormattableString.Invariant($"{Model.Title}: {Sampling.Steps} steps, guidance {Sampling.Guidance}, {Sampling.ToOne.ToString()!.ToLowerInvariant()}")
            + (Sampling.Control ? ", control" : "");

    /// <inheritdoc/>
    public string Identity => Model.Identity + (Sampling is null ? "" : ConfigWriter.ToYaml(Sampling));

    /// <inheritdoc/>
    public SamplingResult Run(CellContext context, CancellationToken cancellation)
    {
        var model = OpenModel.Open(Model, context);
        var settings = Sampling is null ? new EvaluationSettings { BatchSize = BatchSize } : new EvaluationSettings
        {
            Steps = Sampling.Steps is { } steps ? [steps] : null,
            Guidance = Sampling.Guidance is { } guidance ? [guidance] : null,
            ToOne = [Sampling.ToOne ?? ToOneKind.Argmax],
            Decode = Enum.GetValues<DecodeKind>(),
            Control = Sampling.Control ? ControlKind.Only : ControlKind.None,
            Seed = Sampling.Seed,
            BatchSize = BatchSize,
        };
        var rows = Evaluator.Evaluate(model.Model, [model.Images], settings, [() => new LabelPredictions(model.Test)], cancellation);
        var predictions = rows.ToDictionary(row => row.Decode ?? DecodeKind.Last, row => row.Metric<LabelPredictions>());
        return new(predictions[DecodeKind.Last].Decoded, predictions.GetValueOrDefault(DecodeKind.Consensus)?.Decoded, predictions[DecodeKind.Last].Steps);
    }
}
