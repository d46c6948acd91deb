using static TorchSharp.torch;

namespace Tweedie.Diffusion.Masked;

/// <summary>A network that fills in hidden tokens, bound to its condition. Each call returns something new, which the
/// caller disposes of.</summary>
public interface IMaskedDenoiser
{
    /// <summary>The id of a hidden token: K, one beyond the vocabulary.</summary>
    long Mask { get; }

    /// <summary>Items with every token hidden, shape (B, N), int64.</summary>
    Tensor AllMasked();

    /// <summary>Guided logits of p(x0 | x_t, c).</summary>
    /// <param name="tokens">x_t, shape (B, N), int64; hidden ones are <see cref="Mask"/>.</param>
    /// <param name="guidance">The guidance scale of this step; 1 needs no unconditional pass.</param>
    /// <returns>Logits of K entries for (B, N) tokens; their hidden state belongs to the caller's dispose scope.</returns>
    Logits Predict(Tensor tokens, double guidance);
}
