using static TorchSharp.torch;

namespace Tweedie.Diffusion;

/// <summary>
/// A denoising network bound to its condition, as the reverse process sees it. The noisy state belongs to the denoiser:
/// it may live in the K-dimensional one-hot space or already embedded, the reverse process does not care.
/// Each call returns something new, which the caller disposes of.
/// </summary>
public interface IDenoiser
{
    /// <summary>A state of pure noise: y_T ~ N(0, I).</summary>
    Tensor Noise(Generator generator);

    /// <summary>A state y_t ~ N(s·√ᾱ_t·y0, (1−ᾱ_t)·I) about the one-hot vectors of the tokens.</summary>
    /// <param name="tokens">Shape (B, N), int64.</param>
    /// <param name="alphaBar">ᾱ_t, the same for all items.</param>
    /// <param name="generator">The source of randomness.</param>
    Tensor Corrupt(Tensor tokens, double alphaBar, Generator generator);

    /// <summary>Guided logits of p(y0 | y_t, c).</summary>
    /// <param name="state">A state made by this denoiser.</param>
    /// <param name="timestep">t, 0..T−1.</param>
    /// <param name="guidance">The guidance scale of this step; 1 needs no unconditional pass.</param>
    /// <returns>Logits of K entries for (B, N) tokens; their hidden state belongs to the caller's dispose scope.</returns>
    Logits Predict(Tensor state, int timestep, double guidance);
}
