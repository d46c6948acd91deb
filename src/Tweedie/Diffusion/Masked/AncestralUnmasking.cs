using static TorchSharp.torch;

namespace Tweedie.Diffusion.Masked;

/// <summary>
/// The reverse process of MDLM (Sahoo et al. 2024): each hidden token stays hidden with probability t′/t for the next time t′, or is drawn from p(x0),
/// whatever its confidence.
/// </summary>
public sealed class AncestralUnmasking : IUnmasking
{
    private const double Tiny = 1e-10;

    /// <inheritdoc/>
    public Tensor Reveal(Tensor tokens, Logits logits, long mask, double time, double nextTime, Generator generator)
    {
        using var scope = NewDisposeScope();
        var hidden = tokens.Is(mask);
        var open = tokens.masked_select(hidden).unsqueeze(0);
        var uniforms = rand([1, open.shape[1], logits.Classes + 1], float32, tokens.device, generator: generator);
        var drawn = Reveal(open, logits.At(hidden).Probabilities(), mask, time, nextTime, uniforms);
        return tokens.masked_scatter(hidden, drawn).MoveToOuterDisposeScope();
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
