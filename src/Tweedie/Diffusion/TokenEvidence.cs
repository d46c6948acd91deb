using TorchSharp;
using static TorchSharp.torch;

namespace Tweedie.Diffusion;

/// <summary>
/// What a noisy embedded state tells about its token. With z = W·y_t = s√ᾱ·w_k + √(1−ᾱ)·L·n and LLᵀ = WWᵀ, u = L⁻¹z = s√ᾱ·v_k + √(1−ᾱ)·n for v_k = L⁻¹w_k, so
/// log p(z | k) = s√ᾱ/(1−ᾱ)·v_kᵀu − ½·s²ᾱ/(1−ᾱ)·‖v_k‖² + const. It is one product of [s√ᾱ/(1−ᾱ)·u, −½·SNR] with [v_k, ‖v_k‖²], so it costs as much as an output layer.
/// The mean of ‖v_k‖² over the K tokens is d/K: that share of the SNR of K dimensions is left in d.
/// </summary>
internal sealed class TokenEvidence : IDisposable
{
    private readonly double _scale;
    private readonly double _share;
    private readonly Tensor _factor;
    private readonly Tensor _columns;

    /// <summary>Whitens the columns of W.</summary>
    /// <param name="weight">W, shape (d, K), K larger than d.</param>
    /// <param name="scale">s.</param>
    /// <param name="factor">L, shape (d, d), float32.</param>
    public TokenEvidence(Tensor weight, double scale, Tensor factor)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        (_scale, _share) = (scale, (double)weight.shape[0] / weight.shape[1]);
        _factor = factor.detach().clone().DetachFromDisposeScope();
        var whitened = linalg.solve_triangular(_factor, weight.detach().to(float32), upper: false, left: true).t(); // (K, d)
        _columns = cat([whitened, (whitened * whitened).sum(1, keepdim: true)], 1).contiguous().DetachFromDisposeScope();
    }

    /// <summary>The evidence of a state.</summary>
    /// <param name="embedded">W·y_t, shape (B, N, d).</param>
    /// <param name="alphaBar">ᾱ, float64; broadcasts to (B, N).</param>
    public Logits Of(Tensor embedded, Tensor alphaBar)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var rows = embedded.detach().to(float32).flatten(0, 1).t();
        var whitened = linalg.solve_triangular(_factor, rows, upper: false, left: true).t().reshape(embedded.shape);
        var half = Snr(alphaBar, _scale, _share).Times(-0.5).to(float32).expand(embedded.shape[0], embedded.shape[1], 1);
        return new(cat([whitened * Slope(alphaBar, _scale, _share), half], -1).MoveToOuterDisposeScope(), _columns, null);
    }

    /// <summary>‖s·v_k − s·Σ p̂_j·v_j‖² of tokens k, or ‖s·v_k‖² where nothing is predicted: shape (B, N), float64.</summary>
    /// <param name="tokens">k, shape (B, N), int64.</param>
    /// <param name="prediction">Scores of the clean entries.</param>
    public Tensor SquaredDistance(Tensor tokens, Logits? prediction)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var vectors = _columns.narrow(1, 0, _factor.shape[0]);
        var difference = vectors.index_select(0, tokens.flatten()).view(tokens.shape[0], tokens.shape[1], -1).to(float64);
        if (prediction is not null)
            difference = difference - prediction.Mean(vectors).to(float64);
        return (difference * difference).sum(-1).Times(_scale * _scale).MoveToOuterDisposeScope();
    }

    /// <summary>s√ᾱ/(1−ᾱ), with the SNR at most at its limit: shape (…, 1), float32.</summary>
    /// <param name="alphaBar">ᾱ, float64.</param>
    /// <param name="scale">s.</param>
    /// <param name="share">The share of the SNR that is left.</param>
    public static Tensor Slope(Tensor alphaBar, double scale, double share)
    {
        using var scope = NewDisposeScope();
        return (Snr(alphaBar, scale, share) / alphaBar.unsqueeze(-1).sqrt().Times(scale)).to(float32).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _factor.Dispose();
        _columns.Dispose();
    }

    private static Tensor Snr(Tensor alphaBar, double scale, double share)
    {
        using var scope = NewDisposeScope();
        using Scalar limit = Math.Exp(GaussianSpace.LogSnrLimit) / share;
        var signal = alphaBar.unsqueeze(-1);
        return (signal.Times(scale * scale) / signal.SubtractedFrom(1)).clamp(max: limit).MoveToOuterDisposeScope();
    }
}
