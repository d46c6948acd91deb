using static TorchSharp.torch;

namespace Tweedie.Diffusion.Masked;

/// <summary>One reverse step of masked diffusion: which hidden tokens appear, and as what.</summary>
public interface IUnmasking
{
    /// <summary>Goes from time t to an earlier time. Visible tokens stay as they are; at time 0 none is hidden.</summary>
    /// <param name="tokens">x_t, shape (B, N), int64; at least one is hidden.</param>
    /// <param name="logits">Scores of p(x0 | x_t, c), of K entries for (B, N) tokens.</param>
    /// <param name="mask">The id of a hidden token.</param>
    /// <param name="time">t, above <paramref name="nextTime"/> and at most 1.</param>
    /// <param name="nextTime">The time to go to, at least 0.</param>
    /// <param name="generator">The source of randomness on the tokens' device.</param>
    /// <returns>x at <paramref name="nextTime"/>, shape (B, N); a new tensor.</returns>
    Tensor Reveal(Tensor tokens, Logits logits, long mask, double time, double nextTime, Generator generator);
}
