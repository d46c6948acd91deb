using System.Numerics.Tensors;
using Tweedie.Sampling;

namespace Tweedie.Onnx;

/// <summary>The to-one rule in plain arrays: the entry of highest score, or a draw, by the same numbers as in libtorch.</summary>
/// <param name="options">The sampling options, complete.</param>
/// <param name="streams">The random numbers.</param>
internal sealed class Chooser(SamplingOptions options, ItemStreams streams)
{
    private const int ChunkLength = 4096; // entries that one uniform number draws among

    private readonly float _temperature = (float)(options.Temperature ?? 1);
    private readonly double _topP = options.TopP ?? 1;

    /// <summary>Whether entries are drawn.</summary>
    public bool IsRandom => options.ToOne == ToOneKind.Multinomial;

    /// <summary>Draws an entry of a token.</summary>
    /// <param name="scores">The scores of all tokens.</param>
    /// <param name="item">The item.</param>
    /// <param name="place">The token's place in the item.</param>
    /// <param name="length">N.</param>
    /// <param name="step">The step.</param>
    public long Draw(TokenScores scores, int item, int place, int length, int step)
    {
        var own = scores.Of(item * length + place);
        var stream = streams.Of(item, step, NoisePurpose.ToOne);
        return _topP < 1 ? DrawFromNucleus(own, stream, place) : DrawFromAll(own, stream, place);
    }

    /// <summary>The distribution to draw from: softmax(scores/T) among the smallest set of entries whose mass reaches p.</summary>
    public void Sharpen(ReadOnlySpan<float> scores, Span<float> shares)
    {
        if (_temperature == 1)
            scores.CopyTo(shares);
        else
            TensorPrimitives.Divide(scores, _temperature, shares);
        TokenScores.Softmax(shares, shares);
        if (_topP == 1)
            return;
        var (sorted, reached) = (shares.ToArray(), 0.0);
        foreach (var entry in Enumerable.Range(0, sorted.Length).OrderByDescending(entry => sorted[entry]))
        {
            if (reached >= _topP)
                shares[entry] = 0;
            reached += sorted[entry];
        }
        TensorPrimitives.Divide(shares, TensorPrimitives.Sum(shares), shares);
    }

    // The entry at which the mass reaches 1 − u of all mass.
    private long DrawFromNucleus(ReadOnlySpan<float> scores, CounterNoise stream, int place)
    {
        Span<double> uniform = stackalloc double[1];
        stream.FillUniform(uniform, place);
        var shares = new float[scores.Length];
        Sharpen(scores, shares);
        Accumulate(shares);
        var wanted = (float)(1 - uniform[0]) * shares[^1];
        var found = Array.FindIndex(shares, mass => mass >= wanted);
        return found < 0 ? shares.Length - 1 : found;
    }

    // An entry of each chunk, which replaces the choice so far with the chunk's share of the probability so far.
    private long DrawFromAll(ReadOnlySpan<float> scores, CounterNoise stream, int place)
    {
        var chunks = (scores.Length + ChunkLength - 1) / ChunkLength;
        var uniforms = new double[2 * chunks - 1];
        stream.FillUniform(uniforms, (long)place * uniforms.Length);
        var (choice, logMass) = DrawFrom(scores, 0, (float)uniforms[0]);
        for (var chunk = 1; chunk < chunks; chunk++)
        {
            var (drawn, mass) = DrawFrom(scores, chunk, (float)uniforms[2 * chunk - 1]);
            var highest = MathF.Max(logMass, mass);
            var total = highest + MathF.Log(MathF.Exp(logMass - highest) + MathF.Exp(mass - highest));
            if ((float)uniforms[2 * chunk] < MathF.Exp(mass - total))
                choice = drawn;
            logMass = total;
        }
        return choice;
    }

    private (long Entry, float LogMass) DrawFrom(ReadOnlySpan<float> scores, int chunk, float uniform)
    {
        var start = chunk * ChunkLength;
        var shares = scores.Slice(start, Math.Min(ChunkLength, scores.Length - start)).ToArray();
        if (_temperature != 1)
            TensorPrimitives.Divide(shares, _temperature, shares);
        var highest = TensorPrimitives.Max<float>(shares);
        TensorPrimitives.Subtract(shares, highest, shares);
        TensorPrimitives.Exp<float>(shares, shares);
        Accumulate(shares);
        var wanted = uniform * shares[^1];
        var found = Array.FindIndex(shares, mass => mass > wanted);
        return (start + (found < 0 ? shares.Length - 1 : found), MathF.Log(shares[^1]) + highest);
    }

    private static void Accumulate(Span<float> shares)
    {
        var sum = 0.0;
        foreach (ref var share in shares)
            share = (float)(sum += share);
    }
}
