using Tweedie.Sampling;
using static TorchSharp.torch;

namespace Tweedie.Diffusion;

/// <summary>
/// The space of embedded tokens: W·y0 is a column of W, and W·ε ~ N(0, WWᵀ) is drawn as L·z with z ~ N(0, I) of d dimensions and
/// LLᵀ = WWᵀ. The distribution is the same as in K dimensions, and the cost per token does not grow with K.
/// The derivation, including that of the gradient, is in docs/embedded-noise.md.
/// </summary>
public sealed class EmbeddedSpace : GaussianSpace
{
    // These shares of the mean diagonal of WWᵀ are added to the diagonal: ten times the precision of float32, and more where that is not enough.
    private static readonly double[] Jitters = [1e-6, 1e-5, 1e-4, 1e-3, 1e-2];

    private readonly double _scale;
    private readonly Tensor _weight;
    private readonly Tensor _columns;
    private readonly Tensor _factor;
    private readonly Probe? _probe;
    private readonly Lazy<TokenEvidence> _evidence;

    /// <summary>Factors WWᵀ for the weights as they are now. Run it in full precision, outside autocast.</summary>
    /// <param name="weight">W, shape (d, K); K should be larger than d.</param>
    /// <param name="scale">s, the height of the hot entry.</param>
    /// <param name="input">How a state enters the network.</param>
    /// <param name="logPrior">log π of <see cref="InputKind.Posterior"/>, shape (N, K); uniform if null.</param>
    public EmbeddedSpace(Tensor weight, double scale = 1, InputKind input = InputKind.State, Tensor? logPrior = null) : base(input, logPrior)
    {
        using var scope = NewDisposeScope();
        (_scale, _weight) = (scale, weight.alias().DetachFromDisposeScope());
        // Where the weights do not change, each column of W is copied to adjacent memory: picking a strided column costs a cache miss per entry.
        _columns = (is_grad_enabled() ? weight.t() : weight.t().contiguous()).DetachFromDisposeScope();
        _factor = Factor(weight.to(float32)).DetachFromDisposeScope();
        _probe = is_grad_enabled() ? null : new Probe(weight);
        _evidence = new(() => new TokenEvidence(_weight, _scale, _factor));
    }

    /// <inheritdoc/>
    public override Tensor Clean(Tensor tokens)
    {
        using var scope = NewDisposeScope();
        var columns = _columns.index_select(0, tokens.flatten()).reshape([.. tokens.shape, -1]).to(float32);
        return (_scale == 1 ? columns : columns.Times(_scale)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor Clean(Logits prediction)
    {
        using var scope = NewDisposeScope();
        var mean = prediction.Mean(_columns);
        return (_scale == 1 ? mean : mean.Times(_scale)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor Noise(long items, long tokens, INoiseSource noise, NoisePurpose purpose = NoisePurpose.State)
    {
        using var scope = NewDisposeScope();
        return nn.functional.linear(noise.Normal(purpose, items, tokens, _factor.shape[0]), _factor).to(float32).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    protected override Tensor Embedded(Tensor state) => state.alias();

    /// <inheritdoc/>
    protected override Tensor Columns => _columns;

    /// <inheritdoc/>
    public override Logits Evidence(Tensor state, Tensor alphaBar) => _evidence.Value.Of(state, alphaBar);

    /// <inheritdoc/>
    public override Tensor SquaredDistance(Tensor tokens, Logits? prediction = null) => _evidence.Value.SquaredDistance(tokens, prediction);

    /// <inheritdoc/>
    public override TokenCode Code => TokenCode.Of(_weight.shape[1], _weight.shape[0], _scale);

    /// <inheritdoc/>
    public override bool Fits(Tensor weight) => _probe is null || _probe.Fits(weight);

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        _columns.Dispose();
        _factor.Dispose();
        _weight.Dispose();
        _probe?.Dispose();
        if (_evidence.IsValueCreated)
            _evidence.Value.Dispose();
    }

    /// <summary>L with LLᵀ = WWᵀ, shape (d, d), float32, without gradients.</summary>
    internal static Tensor FactorOf(Tensor weight)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        return Factor(weight.to(float32)).MoveToOuterDisposeScope();
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
        return gram.Times(double.NaN).to(float32); // the weights are not finite: the loss will show it
    }

    /// <summary>
    /// Tells whether weights are those from which a space was made. It compares the product of W with a random vector, in one pass over memory.
    /// </summary>
    private sealed class Probe : IDisposable
    {
        private readonly Tensor _vector;
        private readonly Tensor _product;

        public Probe(Tensor weight)
        {
            using var generator = new Generator(1, weight.device);
            _vector = randn([weight.shape[1]], float32, weight.device, generator: generator).DetachFromDisposeScope();
            _product = Product(weight).DetachFromDisposeScope();
        }

        public bool Fits(Tensor weight)
        {
            using var noGrad = no_grad();
            using var scope = NewDisposeScope();
            return (Product(weight) == _product).all().item<bool>();
        }

        public void Dispose()
        {
            _vector.Dispose();
            _product.Dispose();
        }

        private Tensor Product(Tensor weight) => weight.mv(_vector.to(weight.dtype));
    }
}
