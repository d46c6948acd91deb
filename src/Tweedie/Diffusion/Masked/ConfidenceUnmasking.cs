using static TorchSharp.torch;

namespace Tweedie.Diffusion.Masked;

/// <summary>
/// The most confident tokens appear first (MaskGIT, Chang et al. 2022; LLaDA, Nie et al. 2025): every hidden token is chosen by a to-one
/// rule, and those of highest probability are kept until ⌊N·(1−t)⌋ are visible.
/// </summary>
/// <param name="toOne">How a token is chosen.</param>
public sealed class ConfidenceUnmasking(IToOne toOne) : IUnmasking
{
    private const double Rounding = 1e-9; // of t, which is a multiple of 1/steps

    /// <inheritdoc/>
    public Tensor Reveal(Tensor tokens, Logits logits, long mask, double time, double nextTime, Generator generator)
    {
        using var scope = NewDisposeScope();
        var length = tokens.shape[1];
        var visible = (int)Math.Floor(length * (1 - nextTime) + Rounding);
        var hidden = tokens.Is(mask);
        var open = logits.At(hidden);
        var chosen = toOne.Choose(open, generator);
        var confidence = TensorArithmetic.Filled(tokens.shape, double.PositiveInfinity, float32, tokens.device).masked_scatter(hidden, open.ProbabilityOf(chosen));
        var (_, kept) = confidence.topk(visible, dim: 1);
        var filled = tokens.masked_scatter(hidden, chosen);
        return TensorArithmetic.Filled(tokens.shape, mask, int64, tokens.device).scatter(1, kept, filled.gather(1, kept)).MoveToOuterDisposeScope();
    }
}
