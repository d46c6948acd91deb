using static TorchSharp.torch;

namespace Tweedie.Diffusion;

/// <summary>The forward process in one-hot space (paper §3.2): each token is corrupted by itself.</summary>
public static class ForwardProcess
{
    /// <summary>y_t = s·√ᾱ_t·y0 + √(1−ᾱ_t)·ε.</summary>
    /// <param name="oneHot">y0, shape (B, N, K).</param>
    /// <param name="noise">ε ~ N(0, I), shape (B, N, K).</param>
    /// <param name="alphaBar">ᾱ_t of each item, shape (B). Near 1, double precision keeps the digits of 1−ᾱ_t.</param>
    /// <param name="scale">s, the height of the hot entry.</param>
    /// <returns>y_t, shape (B, N, K), of the element type of y0.</returns>
    public static Tensor Corrupt(Tensor oneHot, Tensor noise, Tensor alphaBar, double scale = 1)
    {
        using var scope = NewDisposeScope();
        var perItem = alphaBar.view(-1, 1, 1);
        var signal = perItem.sqrt().Times(scale).to(oneHot.dtype);
        var deviation = perItem.SubtractedFrom(1).sqrt().to(oneHot.dtype);
        return (signal * oneHot).Plus(deviation * noise).MoveToOuterDisposeScope();
    }

    /// <summary>One-hot vectors of tokens: (B, N) int64 → (B, N, K) float32.</summary>
    public static Tensor OneHot(Tensor tokens, long classes)
    {
        using var scope = NewDisposeScope();
        return nn.functional.one_hot(tokens, classes).to(float32).MoveToOuterDisposeScope();
    }
}
