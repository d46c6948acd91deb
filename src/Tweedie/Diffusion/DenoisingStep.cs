using Tweedie.Sampling;
using static TorchSharp.torch;

namespace Tweedie.Diffusion;

/// <summary>
/// One step of the reverse process. Its tensors are valid until the stream moves on; <see cref="Snapshot"/> gives plain arrays that live longer.
/// </summary>
public sealed class DenoisingStep
{
    private readonly Func<Tensor> _tokens;
    private readonly Func<Tensor?>? _hidden;

    internal DenoisingStep(int index, int count, NoiseLevel level, Logits logits, Func<Tensor> tokens, Func<Tensor?>? hidden = null) =>
        (Index, Count, Level, Logits, _tokens, _hidden, IsLast) = (index, count, level, logits, tokens, hidden, index == count - 1);

    /// <summary>0-based number of the step.</summary>
    public int Index { get; }

    /// <summary>Number of steps of the plan.</summary>
    public int Count { get; }

    /// <summary>The level that the plan has for this step.</summary>
    public NoiseLevel Level { get; }

    /// <summary>t, 0..T−1.</summary>
    public int Timestep => Level.Timestep;

    /// <summary>ᾱ_t of the state that the network saw; in masked diffusion the share of visible tokens.</summary>
    public double AlphaBar => Level.AlphaBar;

    /// <summary>Guided scores of K entries per token, projected on demand.</summary>
    public Logits Logits { get; }

    /// <summary>
    /// ŷ0, the choice of the to-one rule; in masked diffusion the tokens that are visible after the step, and guesses for the hidden ones. In autoregression the
    /// tokens that are decided after the step, and the end token in place of the others. Shape (B, N), int64, chosen on demand.
    /// </summary>
    public Tensor Tokens => _tokens();

    /// <summary>
    /// The tokens that are not decided after the step, shape (B, N), bool: those that masked diffusion and autoregression have still to fill in, or that a sampler
    /// of one-hot diffusion keeps noisy while it commits others. Null where all tokens share one level.
    /// </summary>
    public Tensor? Hidden => _hidden?.Invoke();

    /// <summary>True for the step whose tokens are the result: the plan's last, or the one at which sampling stopped early.</summary>
    public bool IsLast { get; internal init; }

    /// <summary>softmax of the logits, shape (B, N, K), float32; a new tensor that the caller owns.</summary>
    public Tensor Probabilities() => Logits.Probabilities();

    /// <summary>The step in plain arrays, which outlive the stream.</summary>
    /// <param name="top">How many of the most probable entries of each token are kept, at most K; 0 keeps none and projects nothing for them.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="top"/> is negative.</exception>
    public StepSnapshot Snapshot(int top = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(top);
        using var scope = NewDisposeScope();
        var length = (int)Tokens.shape[1];
        var tokens = Rows(Tokens.cpu().data<long>().ToArray(), length);
        var hidden = Hidden is { } open ? Rows(open.cpu().data<bool>().ToArray(), length) : null;
        if (top == 0)
            return new(Index, Count, Timestep, AlphaBar, IsLast, tokens, hidden, [], []);
        var count = (int)Math.Min(top, Logits.Classes);
        using var best = Logits.Top(count);
        return new(Index, Count, Timestep, AlphaBar, IsLast, tokens, hidden,
            Rows(Rows(best.Entries.cpu().data<long>().ToArray(), count), length), Rows(Rows(best.Probabilities.cpu().data<float>().ToArray(), count), length));
    }

    private static T[][] Rows<T>(T[] values, int length) => [.. values.Chunk(length)];
}
