using System.Text.Json.Serialization;
using Tweedie.Metrics;

namespace Tweedie.Experiments.Cells;

/// <summary>Predictions under one decoding, item by item.</summary>
/// <param name="Right">One character per test item, in order: 1 where the prediction is right, 0 where it is wrong.</param>
/// <param name="Reliability">The predictions by their probability.</param>
public sealed record Decoded(string Right, Reliability Reliability)
{
    /// <summary>Whether each prediction is right.</summary>
    [JsonIgnore]
    public bool[] Correct => [.. Right.Select(mark => mark == '1')];

    internal static Decoded Of(IReadOnlyList<bool> correct, IEnumerable<float> confidences) =>
        new(string.Concat(correct.Select(right => right ? '1' : '0')), Reliability.Of(confidences, correct));
}
