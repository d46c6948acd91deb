using Tweedie.Configuration;
using Tweedie.Diffusion;
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
            + (Sampling.Control ? ", control" : "") + (Feedback is null ? "" : ", fixed feedback");

    /// <inheritdoc/>
    public string Identity => Model.Identity + (Sampling is null ? "" : ConfigWriter.ToYaml(Sampling))
        + (Feedback is { } feedback ? FormattableString.Invariant($"feedback: {feedback.Clean}, {feedback.Noise}\n") : "");

    /// <summary>The weights of what is fed back at every step; null feeds back what the sampling says.</summary>
    public FeedbackWeights? Feedback { get; init; }

    /// <inheritdoc/>
    public SamplingResult Run(CellContext context, CancellationToken cancellation)
    {
        var model = OpenModel.Open(Model, context);
        var rows = Feedback is { } feedback ? Evaluate(model, feedback, cancellation) : Evaluate(model, cancellation);
        var predictions = rows.ToDictionary(row => row.Decode ?? DecodeKind.Last, row => row.Metric<LabelPredictions>());
        return new(predictions[DecodeKind.Last].Decoded, predictions.GetValueOrDefault(DecodeKind.Consensus)?.Decoded, predictions[DecodeKind.Last].Steps)
        {
            Seconds = rows[0].Seconds,
        };
    }

    private IReadOnlyList<EvaluationRow> Evaluate(OpenModel model, CancellationToken cancellation)
    {
        var settings = Sampling is null ? new EvaluationSettings { BatchSize = BatchSize } : new EvaluationSettings
        {
            Sampling = Sampling with { Control = false },
            GuidanceSchedule = Sampling.GuidanceSchedule,
            Decode = Enum.GetValues<DecodeKind>(),
            Control = Sampling.Control ? ControlKind.Only : ControlKind.None,
            Seed = Sampling.Seed,
            BatchSize = BatchSize,
        };
        return Evaluator.Evaluate(model.Model, [model.Images], settings, [() => new LabelPredictions(model.Test)], cancellation);
    }

    // No options describe it: the state that is fed back does not have the level that the network is told.
    private IReadOnlyList<EvaluationRow> Evaluate(OpenModel model, FeedbackWeights feedback, CancellationToken cancellation)
    {
        var process = (OneHotDiffusion)model.Model.Process;
        var reverse = new ReverseProcess(process, SamplingPlan.Uniform(process.Schedule, Sampling!.Steps!.Value), new FixedFeedback(feedback.Clean, feedback.Noise),
            ToOne.Create(Sampling.ToOne ?? ToOneKind.Argmax), Sampling.GuidanceOverSteps());
        return Evaluator.Evaluate(model.Model, [model.Images], new Dictionary<string, IReverseProcess> { ["fixed"] = reverse }, [() => new LabelPredictions(model.Test)],
            Enum.GetValues<DecodeKind>(), seed: Sampling.Seed, batchSize: BatchSize, cancellation: cancellation);
    }
}

/// <summary>What is fed back at every step, whatever its level: clean·onehot + noise·ε.</summary>
/// <param name="Clean">The weight of the chosen token's one-hot vector.</param>
/// <param name="Noise">The weight of the noise.</param>
public sealed record FeedbackWeights(double Clean, double Noise);
