using TorchSharp;
using static TorchSharp.torch;

namespace Tweedie.Diffusion;

/// <summary>
/// The most confident tokens appear first (MaskGIT, Chang et al. 2022; LLaDA, Nie et al. 2025): the to-one rule chooses every hidden token, and those of highest
/// probability are kept until ⌊N·(1−t)⌋ are visible, of N tokens that are not known from the start.
/// </summary>
public sealed class MaskedConfidence : ISampler
{
    /// <inheritdoc/>
    public Sample Advance(SamplerInput now, NoiseLevels? target, INoiseSource noise)
    {
        using var scope = NewDisposeScope();
        var (hidden, share) = (now.Open!, target?.State.item<double>() ?? 1);
        using Scalar none = 0;
        var isVisible = TensorArithmetic.Filled(now.State.shape, double.PositiveInfinity, float32, now.State.device).masked_fill(hidden, none);
        if (!now.First(isVisible, share).logical_and(hidden).any().item<bool>())
            return new(now.State, target); // no further token is due, so none is projected
        return new(where(now.First(now.Confidence, share), now.Tokens, now.State).MoveToOuterDisposeScope(), target);
    }
}
