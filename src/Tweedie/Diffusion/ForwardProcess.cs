using static TorchSharp.torch;

namespace Tweedie.Diffusion;

/// <summary>The forward process in one-hot space (paper §3.2), and its inverse. Tokens are corrupted independently.</summary>
public static class ForwardProcess
{
    /// <summary>y_t = s·√ᾱ_t·y0 + √(1−ᾱ_t)·ε.</summary>
    /// <param name="clean">y0, shape (B, N, dimensions).</param>
    /// <param name="noise">ε, of the same shape.</param>
    /// <param name="alphaBar">ᾱ_t; broadcasts to (B, N). Near 1, double precision keeps the digits of 1−ᾱ_t.</param>
    /// <param name="scale">s, the height of the hot entry, unless y0 has it already.</param>
    /// <returns>y_t, of y0's shape and element type.</returns>
    public static Tensor Corrupt(Tensor clean, Tensor noise, Tensor alphaBar, double scale = 1)
    {
        using var scope = NewDisposeScope();
        var perToken = PerToken(alphaBar);
        var signal = perToken.sqrt().Times(scale).to(clean.dtype);
        return (signal * clean).Plus(Deviation(alphaBar, clean.dtype) * noise).MoveToOuterDisposeScope();
    }

    /// <summary>y0 from y_t and ε: (y_t − √(1−ᾱ_t)·ε)/(s·√ᾱ_t).</summary>
    /// <param name="state">y_t, shape (B, N, dimensions).</param>
    /// <param name="noise">ε, of the same shape.</param>
    /// <param name="alphaBar">ᾱ_t; broadcasts to (B, N).</param>
    /// <param name="scale">s.</param>
    public static Tensor Clean(Tensor state, Tensor noise, Tensor alphaBar, double scale = 1)
    {
        using var scope = NewDisposeScope();
        var perToken = PerToken(alphaBar);
        return ((state - Deviation(alphaBar, state.dtype) * noise) / perToken.sqrt().Times(scale).to(state.dtype)).MoveToOuterDisposeScope();
    }

    /// <summary>√(1−ᾱ), the deviation of the noise: shape (…, 1).</summary>
    /// <param name="alphaBar">ᾱ, float64; broadcasts to (B, N).</param>
    /// <param name="type">The element type of the result.</param>
    internal static Tensor Deviation(Tensor alphaBar, ScalarType type)
    {
        using var scope = NewDisposeScope();
        return PerToken(alphaBar).SubtractedFrom(1).sqrt().to(type).MoveToOuterDisposeScope();
    }

    // A row of one level per item would be read as one level per token.
    private static Tensor PerToken(Tensor alphaBar) => alphaBar.dim() == 2 ? alphaBar.unsqueeze(-1)
        : throw new ArgumentException($"The shape [{string.Join(", ", alphaBar.shape)}] is not of two dimensions; levels per item have the shape (B, 1).", nameof(alphaBar));

    /// <summary>One-hot vectors of tokens: (B, N) int64 → (B, N, K) float32.</summary>
    public static Tensor OneHot(Tensor tokens, long classes)
    {
        using var scope = NewDisposeScope();
        return nn.functional.one_hot(tokens, classes).to(float32).MoveToOuterDisposeScope();
    }
}
