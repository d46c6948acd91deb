using Tweedie.Configuration;
using Tweedie.Models;
using static TorchSharp.torch;

namespace Tweedie.Experiments.Cells;

/// <summary>Predicts all test images with a trained model.</summary>
/// <param name="Model">The model.</param>
/// <param name="Sampling">How to sample, one draw an image; null for a linear head.</param>
public sealed record SamplingCell(TrainingCell Model, SamplingOptions? Sampling) : ICell<SamplingResult>
{
    private const int BatchSize = 1000;

    /// <inheritdoc/>
    public string Kind => "sampling";

    /// <inheritdoc/>
    public string Title => Sampling is null ? $"{Model.Title}: prediction"
        : FormattableString.Invariant($"{Model.Title}: {Sampling.Steps} steps, guidance {Sampling.Guidance}, {Sampling.ToOne.ToString().ToLowerInvariant()}")
            + (Sampling.Control ? ", control" : "");

    /// <inheritdoc/>
    public string Identity => Model.Identity + (Sampling is null ? "" : ConfigWriter.ToYaml(Sampling));

    /// <inheritdoc/>
    public SamplingResult Run(CellContext context, CancellationToken cancellation)
    {
        var model = OpenClassifier.Open(Model, context, cancellation);
        using var noGrad = no_grad();
        var measurement = new SamplingMeasurement();
        if (Sampling is null)
        {
            using var prediction = model.Classifier.PredictEncoded(model.Images.Condition, cancellation: cancellation);
            measurement.Add(prediction.Mean, model.Images.Labels);
            return measurement.Result();
        }
        for (var start = 0; start < model.Images.Count; start += BatchSize)
        {
            using var scope = NewDisposeScope();
            var length = Math.Min(BatchSize, model.Images.Count - start);
            // The seed depends on the batch, so that no two images share their noise.
            var sampling = Sampling with { Seed = Seeds.Derive(Sampling.Seed, SeedPurpose.Sample, start) };
            var steps = model.Classifier.Denoise(model.Images.Condition.narrow(0, start, length), sampling, cancellation);
            measurement.Add(steps, model.Images.Labels.narrow(0, start, length));
        }
        return measurement.Result();
    }
}
