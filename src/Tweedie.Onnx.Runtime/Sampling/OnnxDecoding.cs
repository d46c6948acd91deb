using System.Numerics.Tensors;
using Tweedie.Sampling;

namespace Tweedie.Onnx;

/// <summary>Turns a trajectory into its prediction: that of the last step, or the consensus Σ (1−ᾱ_t)·p_t / Σ (1−ᾱ_t) of all.</summary>
/// <param name="kind">The decoding.</param>
/// <param name="withProbabilities">Whether the distribution of the last step is wanted too.</param>
internal sealed class OnnxDecoding(DecodeKind kind, bool withProbabilities)
{
    private float[]? _sum;
    private double _weight;
    private long[] _last = [];

    /// <summary>Reads a stream to its end.</summary>
    public static OnnxDecoding Of(IEnumerable<OnnxStep> steps, DecodeKind kind, bool withProbabilities)
    {
        var decoding = new OnnxDecoding(kind, withProbabilities);
        foreach (var step in steps)
            decoding.Add(step);
        return decoding;
    }

    /// <summary>The distributions, (B, N, K); empty where they were not asked for.</summary>
    public float[] Probabilities()
    {
        var probabilities = _sum ?? [];
        TensorPrimitives.Divide(probabilities, (float)_weight, probabilities);
        _weight = 1;
        return probabilities;
    }

    /// <summary>The predicted tokens, B rows of N.</summary>
    public long[] Tokens() => kind == DecodeKind.Last ? _last
        : [.. Enumerable.Range(0, _last.Length).Select(token => (long)TensorPrimitives.IndexOfMax<float>(_sum.AsSpan(token * (_sum!.Length / _last.Length), _sum.Length / _last.Length)))];

    private void Add(OnnxStep step)
    {
        if (step.IsLast)
            _last = step.Tokens;
        if (kind == DecodeKind.Consensus)
            Add(step.Scores, 1 - step.Level.AlphaBar);
        else if (step.IsLast && withProbabilities)
            Add(step.Scores, 1);
    }

    private void Add(TokenScores scores, double share)
    {
        _weight += share;
        _sum ??= new float[scores.Count * scores.Classes];
        var shares = new float[scores.Classes];
        for (var token = 0; token < scores.Count; token++)
        {
            scores.Probabilities(token, shares);
            var sum = _sum.AsSpan(token * scores.Classes, scores.Classes);
            TensorPrimitives.MultiplyAdd(shares, (float)share, sum, sum);
        }
    }
}
