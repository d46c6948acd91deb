using Tweedie.Sampling;

namespace Tweedie.Experiments.Cells;

/// <summary>What a model predicts for the test images under one sampling.</summary>
/// <param name="Last">The prediction of the last step, which is the paper's rule; for a linear head, its only prediction.</param>
/// <param name="Consensus">The prediction by the average over the steps; null for a linear head.</param>
/// <param name="Steps">What each step predicts, noisiest first; empty for a linear head.</param>
public sealed record SamplingResult(Decoded Last, Decoded? Consensus, IReadOnlyList<StepSummary> Steps)
{
    /// <summary>Time of the sampling in seconds, without the encoder.</summary>
    public double Seconds { get; init; }

    /// <summary>The predictions by one rule.</summary>
    public Decoded By(DecodeKind decode) => decode == DecodeKind.Last ? Last
        : Consensus ?? throw new InvalidOperationException("A linear head has no steps to average.");
}
