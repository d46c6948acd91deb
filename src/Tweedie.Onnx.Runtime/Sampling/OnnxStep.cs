using Microsoft.ML.OnnxRuntime;
using Tweedie.Sampling;

namespace Tweedie.Onnx;

/// <summary>One step of sampling. It is valid until the stream moves on; <see cref="Snapshot"/> outlives it.</summary>
/// <param name="index">0-based number of the step.</param>
/// <param name="count">Steps of the plan.</param>
/// <param name="level">The level that the plan has for the step.</param>
/// <param name="isLast">Whether its tokens are the result.</param>
/// <param name="model">The model.</param>
/// <param name="logits">The scores, shape (B, N, K).</param>
/// <param name="tokens">The tokens of the step: B rows of N, one after the other.</param>
/// <param name="hidden">The tokens that stay undecided; null where all share one level.</param>
internal sealed class OnnxStep(int index, int count, NoiseLevel level, bool isLast, OnnxModelOptions model, OrtValue logits, long[] tokens, bool[]? hidden)
{
    /// <summary>The level that the plan has for the step.</summary>
    public NoiseLevel Level => level;

    /// <summary>Whether its tokens are the result.</summary>
    public bool IsLast => isLast;

    /// <summary>The tokens of the step.</summary>
    public long[] Tokens => tokens;

    /// <summary>The scores of the K entries.</summary>
    public TokenScores Scores => new(logits.GetTensorDataAsSpan<float>(), model.Classes);

    /// <summary>The step in plain arrays.</summary>
    /// <param name="top">How many of the most probable entries of each token are kept, at most K.</param>
    public StepSnapshot Snapshot(int top)
    {
        var rows = Rows(tokens);
        var open = hidden is null ? null : Rows(hidden);
        if (top == 0)
            return new(index, count, level.Timestep, level.AlphaBar, isLast, rows, open, [], []);
        var best = new (long[] Entries, float[] Probabilities)[tokens.Length];
        for (var token = 0; token < best.Length; token++)
            best[token] = Scores.Top(token, Math.Min(top, model.Classes));
        return new(index, count, level.Timestep, level.AlphaBar, isLast, rows, open, Rows(Array.ConvertAll(best, token => token.Entries)), Rows(Array.ConvertAll(best, token => token.Probabilities)));
    }

    private T[][] Rows<T>(T[] values) => [.. values.Chunk(model.Tokens)];
}
