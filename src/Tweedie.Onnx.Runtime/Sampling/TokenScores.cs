using System.Numerics.Tensors;

namespace Tweedie.Onnx;

/// <summary>The scores of the K entries for each of (B, N) tokens, in plain memory.</summary>
/// <param name="values">Shape (B, N, K).</param>
/// <param name="classes">K.</param>
internal readonly ref struct TokenScores(ReadOnlySpan<float> values, int classes)
{
    private readonly ReadOnlySpan<float> _values = values;

    /// <summary>K.</summary>
    public int Classes => classes;

    /// <summary>B·N.</summary>
    public int Count => _values.Length / classes;

    /// <summary>The scores of a token.</summary>
    public ReadOnlySpan<float> Of(int token) => _values.Slice(token * classes, classes);

    /// <summary>softmax of a token's scores.</summary>
    public void Probabilities(int token, Span<float> probabilities) => Softmax(Of(token), probabilities);

    /// <summary>The probability of one entry of a token.</summary>
    public float ProbabilityOf(int token, long entry)
    {
        var scores = Of(token);
        return MathF.Exp(scores[(int)entry] - LogNormalizer(scores));
    }

    /// <summary>A token's most probable entries, best first, and their probabilities.</summary>
    public (long[] Entries, float[] Probabilities) Top(int token, int count)
    {
        var scores = Of(token).ToArray();
        var normalizer = LogNormalizer(scores);
        long[] entries = [.. Enumerable.Range(0, classes).OrderByDescending(entry => scores[entry]).Take(count)];
        return (entries, Array.ConvertAll(entries, entry => MathF.Exp(scores[entry] - normalizer)));
    }

    /// <summary>exp(score)/Σ exp(score).</summary>
    public static void Softmax(ReadOnlySpan<float> scores, Span<float> shares)
    {
        TensorPrimitives.Subtract(scores, TensorPrimitives.Max(scores), shares);
        TensorPrimitives.Exp(shares, shares);
        TensorPrimitives.Divide(shares, TensorPrimitives.Sum(shares), shares);
    }

    private static float LogNormalizer(ReadOnlySpan<float> scores)
    {
        var highest = TensorPrimitives.Max(scores);
        var sum = 0.0;
        foreach (var score in scores)
            sum += MathF.Exp(score - highest);
        return highest + (float)Math.Log(sum);
    }
}
