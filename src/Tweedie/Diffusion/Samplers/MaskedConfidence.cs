using static TorchSharp.torch;

namespace Tweedie.Diffusion;

/// <summary>
/// The most confident tokens appear first (MaskGIT, Chang et al. 2022; LLaDA, Nie et al. 2025): the to-one rule chooses every hidden token, and those of highest
/// probability are kept until ⌊N·(1−t)⌋ are visible.
/// </summary>
public sealed class MaskedConfidence : ISampler
{
    private const double Rounding = 1e-9; // of the level, which is a multiple of 1/steps

    /// <inheritdoc/>
    public Sample Advance(SamplerInput now, NoiseLevels? target, INoiseSource noise)
    {
        using var scope = NewDisposeScope();
        var (hidden, length) = (now.Open!, now.State.shape[1]);
        var visible = (int)Math.Floor(length * (target?.State.item<double>() ?? 1) + Rounding);
        if (length - hidden.sum(1).max().item<long>() >= visible)
            return new(now.State, target); // no further token is due
        var confidence = TensorArithmetic.Filled(now.State.shape, double.PositiveInfinity, float32, now.State.device)
            .masked_scatter(hidden, now.Scores.At(hidden).ProbabilityOf(now.Tokens.masked_select(hidden).unsqueeze(0)));
        var (_, kept) = confidence.topk(visible, dim: 1);
        return new(now.State.scatter(1, kept, now.Tokens.gather(1, kept)).MoveToOuterDisposeScope(), target);
    }
}
