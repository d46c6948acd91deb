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
        var confidence = TensorArithmetic.Filled(now.State.shape, double.PositiveInfinity, float32, now.State.device);
        using Scalar none = 0;
        if (!now.First(confidence.masked_fill(hidden, none), share).logical_and(hidden).any().item<bool>())
            return new(now.State, target); // no further token is due, so none is projected
        confidence = confidence.masked_scatter(hidden, now.Scores.At(hidden).ProbabilityOf(now.Tokens.masked_select(hidden).unsqueeze(0)));
        return new(where(now.First(confidence, share), now.Tokens, now.State).MoveToOuterDisposeScope(), target);
    }
}
