using static TorchSharp.torch;

namespace Tweedie.Networks;

/// <summary>
/// The space of embedded tokens: W·y0 is a column of W, and W·ε ~ N(0, WWᵀ) is drawn as L·z with z ~ N(0, I) of d dimensions and
/// LLᵀ = WWᵀ. The same distribution as in K dimensions, at a cost a token that does not grow with K.
/// The derivation, also of the gradient, is in docs/embedded-noise.md.
/// </summary>
public sealed class EmbeddedSpace : ITokenSpace
{
    // Added to the diagonal of WWᵀ, relative to its mean: ten times what single precision leaves of it. More where that is not enough.
    private static readonly double[] Jitters = [1e-6, 1e-5, 1e-4, 1e-3, 1e-2];

    private readonly Tensor _columns;
    private readonly Tensor _factor;

    /// <summary>Factors WWᵀ for the weights as they are now. Run it in full precision, outside autocast.</summary>
    /// <param name="weight">W, shape (d, K); K should be larger than d.</param>
    public EmbeddedSpace(Tensor weight)
    {
        using var scope = NewDisposeScope();
        // Rows side by side where the weights stand still: picking a strided column costs a cache miss an entry.
        _columns = (is_grad_enabled() ? weight.t() : weight.t().contiguous()).DetachFromDisposeScope();
        _factor = Factor(weight.to(float32)).DetachFromDisposeScope();
    }

    /// <inheritdoc/>
    public Tensor Clean(Tensor tokens)
    {
        using var scope = NewDisposeScope();
        return _columns.index_select(0, tokens.flatten()).reshape([.. tokens.shape, -1]).to(float32).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public Tensor Noise(long items, long tokens, Generator? generator = null)
    {
        using var scope = NewDisposeScope();
        var normal = randn([items, tokens, _factor.shape[0]], float32, _factor.device, generator: generator);
        return nn.functional.linear(normal, _factor).to(float32).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public Tensor Embed(Tensor state) => state.alias();

    /// <inheritdoc/>
    public void Dispose()
    {
        _columns.Dispose();
        _factor.Dispose();
    }

    // L as W·Q with Q = WᵀL⁻ᵀ held fixed. Q's columns are an orthonormal basis of W's rows, so that z stands for the noise Q·z of K dimensions
    // and the gradient is that of W·(Q·z): the mean of the K-dimensional path's gradient, given the embedded noise.
    private static Tensor Factor(Tensor weight)
    {
        var fixedWeight = weight.detach();
        var gram = matmul(weight, fixedWeight.t()).to(float64);
        var identity = eye(gram.shape[0], dtype: float64, device: gram.device);
        var scale = (fixedWeight * fixedWeight).sum().to(float64).Over(gram.shape[0]);
        foreach (var jitter in Jitters)
        {
            var regular = gram.Plus(scale * identity, jitter);
            var (factor, failure) = linalg.cholesky_ex(regular.detach());
            if (failure.item<int>() == 0)
                return linalg.solve_triangular(factor.t(), regular, upper: true, left: false).to(float32);
        }
        return gram.Times(double.NaN).to(float32); // the weights are not finite: let the loss say so
    }
}
