using Tweedie.Sampling;

namespace Tweedie.Evaluation;

/// <summary>The result of one setting of a grid.</summary>
/// <param name="Sampling">How it was sampled; null for a linear head, which has nothing to sample, and for a custom reverse process.</param>
/// <param name="Decode">The decoding; null for a linear head.</param>
/// <param name="Metrics">The metrics.</param>
/// <param name="Seconds">Time of sampling, without the encoder, shared by the decodings of one trajectory.</param>
public sealed record EvaluationRow(SamplingOptions? Sampling, DecodeKind? Decode, IReadOnlyList<IMetric> Metrics, double Seconds)
{
    /// <summary>A short name for logs, such as <c>20steps.consensus</c>, <c>linear</c> or <c>mlp</c>; for a custom reverse process, its name and decoding.</summary>
    public string Name { get; init; } = Sampling is null ? "linear" : $"{Sampling.Steps}steps.{(Sampling.Control ? "control." : "")}{Decode}".ToLowerInvariant();

    /// <summary>The sampling with the decoding: what a calibration knows the row by; null for a linear head.</summary>
    public SamplingOptions? Setting => Sampling is null ? null : Sampling with { Decode = Decode };

    /// <summary>The numbers of all metrics by name.</summary>
    public IReadOnlyDictionary<string, double> Values { get; } = Metrics.SelectMany(metric => metric.Values()).ToDictionary();

    /// <summary>The metric of a type.</summary>
    /// <exception cref="InvalidOperationException">The row has no such metric.</exception>
    public TMetric Metric<TMetric>() where TMetric : IMetric => Metrics.OfType<TMetric>().Single();
}
