using Tweedie.Sampling;
using static TorchSharp.torch;

namespace Tweedie.Diffusion;

/// <summary>
/// The reverse process of MDLM (Sahoo et al. 2024): each hidden token stays hidden with probability t′/t for the next time t′, or is drawn from p(x0),
/// whatever its confidence. It draws whatever the to-one rule is, so a temperature and a top-p are its own.
/// </summary>
/// <param name="temperature">T of the distribution to draw from, above 0.</param>
/// <param name="topP">p of the distribution to draw from, above 0 and at most 1.</param>
public sealed class MaskedAncestral(double temperature = 1, double topP = 1) : ISampler
{
    private const double Tiny = 1e-10;
    private const long ChunkScores = 1 << 22;

    private readonly Sharpening _sharpening = new(temperature, topP);

    /// <inheritdoc/>
    public Sample Advance(SamplerInput now, NoiseLevels? target, INoiseSource noise)
    {
        using var scope = NewDisposeScope();
        var hidden = now.Open!;
        if (!hidden.any().item<bool>())
            return new(now.State, target);
        var (time, nextTime) = (1 - now.Levels.State.item<double>(), 1 - (target?.State.item<double>() ?? 1));
        var mask = ((MaskedSpace)now.Space).Mask;
        var state = now.State.clone();
        var items = Math.Max(1, ChunkScores / (state.shape[1] * (mask + 1)));
        for (var first = 0L; first < state.shape[0]; first += items)
        {
            using var chunkScope = NewDisposeScope();
            var picked = zeros_like(hidden); // a few items at a time, because each hidden token needs K+1 numbers
            Part(picked).copy_(Part(hidden));
            var uniforms = noise.Uniform(NoisePurpose.Sampler, picked, mask + 1);
            if (uniforms.shape[1] > 0)
                state.masked_scatter_(picked, Reveal(state.masked_select(picked).unsqueeze(0), _sharpening.Probabilities(now.Scores.At(picked)), mask, time, nextTime, uniforms));

            Tensor Part(Tensor of) => of.narrow(0, first, Math.Min(items, state.shape[0] - first));
        }
        return (state == now.State).all().item<bool>() ? new(now.State, target) : new(state.MoveToOuterDisposeScope(), target);
    }

    /// <summary>The step with given uniform numbers, by the Gumbel trick: argmax q/(−log u).</summary>
    /// <param name="tokens">x_t, shape (B, N), int64.</param>
    /// <param name="probabilities">p(x0 | x_t, c), shape (B, N, K).</param>
    /// <param name="mask">The id of a hidden token: K.</param>
    /// <param name="time">The chance of being hidden at t.</param>
    /// <param name="nextTime">The chance of being hidden after the step.</param>
    /// <param name="uniforms">Shape (B, N, K+1), in [0, 1); the last entry is the mask's. Many steps over a large vocabulary need float64.</param>
    internal static Tensor Reveal(Tensor tokens, Tensor probabilities, long mask, double time, double nextTime, Tensor uniforms)
    {
        using var scope = NewDisposeScope();
        var stay = zeros_like(probabilities.narrow(-1, 0, 1)).Plus(nextTime);
        var shares = cat([probabilities.Times(time - nextTime), stay], -1);
        var drawn = (shares / uniforms.Plus(Tiny).log().SubtractedFrom(Tiny)).argmax(-1);
        return where(tokens.Is(mask), drawn, tokens).MoveToOuterDisposeScope();
    }
}
