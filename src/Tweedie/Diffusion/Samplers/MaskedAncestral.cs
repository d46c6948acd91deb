using Tweedie.Sampling;
using static TorchSharp.torch;

namespace Tweedie.Diffusion;

/// <summary>
/// The reverse process of MDLM (Sahoo et al. 2024): each hidden token stays hidden with probability t′/t for the next time t′, or is drawn from p(x0),
/// whatever its confidence.
/// </summary>
public sealed class MaskedAncestral : ISampler
{
    private const double Tiny = 1e-10;

    /// <inheritdoc/>
    public Sample Advance(SamplerInput now, NoiseLevels? target, INoiseSource noise)
    {
        using var scope = NewDisposeScope();
        var hidden = now.Open!;
        if (!hidden.any().item<bool>())
            return new(now.State, target);
        var (time, nextTime) = (1 - now.Levels.State.item<double>(), 1 - (target?.State.item<double>() ?? 1));
        var open = now.State.masked_select(hidden).unsqueeze(0);
        var uniforms = noise.Uniform(NoisePurpose.Sampler, hidden, now.Scores.Classes + 1);
        var drawn = Reveal(open, now.Scores.At(hidden).Probabilities(), ((MaskedSpace)now.Space).Mask, time, nextTime, uniforms);
        if ((drawn == open).all().item<bool>())
            return new(now.State, target);
        return new(now.State.masked_scatter(hidden, drawn).MoveToOuterDisposeScope(), target);
    }

    /// <summary>The step with given uniform numbers, by the Gumbel trick: argmax q/(−log u).</summary>
    /// <param name="tokens">x_t, shape (B, N), int64.</param>
    /// <param name="probabilities">p(x0 | x_t, c), shape (B, N, K).</param>
    /// <param name="mask">The id of a hidden token: K.</param>
    /// <param name="time">The chance of being hidden at t.</param>
    /// <param name="nextTime">The chance of being hidden after the step.</param>
    /// <param name="uniforms">Shape (B, N, K+1), in [0, 1); the last entry is the mask's.</param>
    internal static Tensor Reveal(Tensor tokens, Tensor probabilities, long mask, double time, double nextTime, Tensor uniforms)
    {
        using var scope = NewDisposeScope();
        var stay = zeros_like(probabilities.narrow(-1, 0, 1)).Plus(nextTime);
        var shares = cat([probabilities.Times(time - nextTime), stay], -1);
        var drawn = (shares / uniforms.Plus(Tiny).log().SubtractedFrom(Tiny)).argmax(-1);
        return where(tokens.Is(mask), drawn, tokens).MoveToOuterDisposeScope();
    }
}
