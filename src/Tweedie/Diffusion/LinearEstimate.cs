using Tweedie.Sampling;
using static TorchSharp.torch;

namespace Tweedie.Diffusion;

/// <summary>
/// The best linear estimate of a clean token's embedding from its noisy state. With u = L⁻¹·W·y_t = s√ᾱ·v + √(1−ᾱ)·n, LLᵀ = WWᵀ, the vectors v = L⁻¹·w_k of
/// all K tokens have the second moment I/K, since Σ_k v_k·v_kᵀ = L⁻¹WWᵀL⁻ᵀ = I. So the estimate of v is u·s√ᾱ/(s²ᾱ + K(1−ᾱ)), and L takes it to W·y_t times the
/// same number.
/// </summary>
internal static class LinearEstimate
{
    /// <summary>What enters the network of W·y_t.</summary>
    /// <param name="embedded">W·y_t, shape (B, N, d).</param>
    /// <param name="alphaBar">ᾱ, float64; broadcasts to (B, N).</param>
    /// <param name="scale">s.</param>
    /// <param name="classes">K.</param>
    /// <param name="input">Whether it is the estimate or W·y_t itself.</param>
    public static Tensor Of(Tensor embedded, Tensor alphaBar, double scale, long classes, InputKind input)
    {
        if (input == InputKind.State)
            return embedded.alias();
        using var scope = NewDisposeScope();
        var signal = alphaBar.unsqueeze(-1);
        var gain = signal.sqrt().Times(scale) / signal.Times(scale * scale).Plus(signal.SubtractedFrom(1), classes);
        return (embedded * gain.to(embedded.dtype)).MoveToOuterDisposeScope();
    }
}
