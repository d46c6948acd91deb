using Tweedie.Sampling;
using static TorchSharp.torch;

namespace Tweedie.Diffusion;

/// <summary>
/// A space of Gaussian noise about one-hot vectors: the K dimensions themselves, or the d dimensions into which W embeds them. W is linear, so
/// y = √ᾱ·(s·y0) + √(1−ᾱ)·ε reads the same in both, and the network sees the same distribution of W·y. Every update that is affine in the state,
/// the clean vector and the noise holds unchanged in either.
/// </summary>
/// <param name="input">How a state enters the network.</param>
/// <param name="logPrior">For <see cref="InputKind.Posterior"/>: log π, shape (N, K); uniform if null.</param>
public abstract class GaussianSpace(InputKind input = InputKind.State, Tensor? logPrior = null) : ITokenSpace
{
    /// <summary>The highest log-SNR that counts as evidence, of what is left of it in d dimensions.</summary>
    public const double LogSnrLimit = 6;

    private readonly Tensor? _logPrior = logPrior?.alias().DetachFromDisposeScope();

    /// <summary>s·y0 of clean tokens in this space: (B, N) int64 → (B, N, dimensions), float32.</summary>
    public abstract Tensor Clean(Tensor tokens);

    /// <summary>s·Σ p̂_k·y_k, the mean clean vector under a prediction: (B, N, dimensions), float32.</summary>
    /// <param name="prediction">Scores of the clean entries.</param>
    public abstract Tensor Clean(Logits prediction);

    /// <summary>ε ~ N(0, I) of K dimensions, mapped into this space: (B, N, dimensions), float32.</summary>
    /// <param name="items">B.</param>
    /// <param name="tokens">N.</param>
    /// <param name="noise">The source of randomness.</param>
    /// <param name="purpose">What the noise is for.</param>
    public abstract Tensor Noise(long items, long tokens, INoiseSource noise, NoisePurpose purpose = NoisePurpose.State);

    /// <summary>
    /// ‖s·v_k − s·Σ p̂_j·v_j‖², how far a prediction is from the clean tokens where the noise has the covariance I: shape (B, N), float64. v_k is e_k where W loses
    /// nothing of K dimensions, and L⁻¹w_k with LLᵀ = WWᵀ where it embeds them in fewer: the network then knows W·y_t alone, in either space.
    /// </summary>
    /// <param name="tokens">The clean tokens, shape (B, N), int64.</param>
    /// <param name="prediction">Scores of the clean entries; null puts 0 in the place of their mean.</param>
    public abstract Tensor SquaredDistance(Tensor tokens, Logits? prediction = null);

    /// <summary>How well tokens can be told apart by what the network sees of their states.</summary>
    public abstract TokenCode Code { get; }

    /// <summary>
    /// What the state of each token alone tells about its entry, log p(y_t | y0 = k) up to a constant. It has no gradients, and W counts as fixed. The log-SNR
    /// counts up to a limit, where no doubt is left.
    /// </summary>
    /// <param name="state">A state, shape (B, N, dimensions).</param>
    /// <param name="alphaBar">Its level, float64; broadcasts to (B, N).</param>
    public abstract Logits Evidence(Tensor state, Tensor alphaBar);

    /// <inheritdoc/>
    public Tensor Embed(Tensor state, Tensor alphaBar) => EmbedsByEntries ? PosteriorMean(state, alphaBar, _logPrior) : Embedded(state);

    /// <summary>What <see cref="Embed(Tensor, Tensor)"/> gives for some tokens of a state: shape (picked tokens, d).</summary>
    /// <param name="state">A state, shape (B, N, dimensions).</param>
    /// <param name="alphaBar">Its level, float64; broadcasts to (B, N).</param>
    /// <param name="picked">Which tokens, shape (B, N), bool.</param>
    internal Tensor EmbedAt(Tensor state, Tensor alphaBar, Tensor picked)
    {
        using var scope = NewDisposeScope();
        Tensor Part(Tensor of) => of[picked].unsqueeze(0);
        var part = EmbedsByEntries
            ? PosteriorMean(Part(state), Part(alphaBar.expand(picked.shape)), _logPrior?.index_select(0, picked.nonzero().select(1, 1)).unsqueeze(0))
            : Embedded(Part(state));
        return part.squeeze(0).MoveToOuterDisposeScope();
    }

    /// <summary>Whether the network sees of a state a mean over all K entries, which costs as much as an output layer.</summary>
    internal bool EmbedsByEntries => input == InputKind.Posterior;

    // Σ p_k·w_k with p_k ∝ π_k·p(y_t given y0 = k). The shares have no gradients, the columns do.
    private Tensor PosteriorMean(Tensor state, Tensor alphaBar, Tensor? logPrior)
    {
        using var scope = NewDisposeScope();
        var evidence = Evidence(state, alphaBar);
        // The evidence is added to the prior, because sums keep single precision under autocast: scores of clean tokens differ by hundreds.
        var prior = (logPrior ?? zeros([1, 1, 1], float32, state.device)).expand(state.shape[0], state.shape[1], evidence.Classes);
        using var posterior = Logits.Of(prior).Plus(evidence);
        if (!is_grad_enabled())
            return posterior.Mean(Columns).MoveToOuterDisposeScope();
        Tensor shares, sum;
        using (no_grad())
        {
            shares = posterior.All();
            Logits.Exponentials(shares.sub_(shares.amax([-1], keepdim: true)));
            sum = shares.sum(-1, keepdim: true);
        }
        return (matmul(shares, Columns.to(float32)) / sum).MoveToOuterDisposeScope();
    }

    /// <summary>Whether the space was given a prior, which training changes with the weights.</summary>
    protected bool HasPrior => _logPrior is not null;

    /// <summary>W·y_t of a state.</summary>
    protected abstract Tensor Embedded(Tensor state);

    /// <summary>The columns of W, shape (K, d).</summary>
    protected abstract Tensor Columns { get; }

    /// <inheritdoc/>
    public Tensor Embed(Logits prediction) => prediction.Mean(Columns);

    /// <summary>Pure noise of the noisiest level, N(0, (1−ᾱ)·I). The paper's N(0, I) is its limit.</summary>
    public Tensor Prior(long items, long tokens, Tensor alphaBar, INoiseSource noise)
    {
        using var scope = NewDisposeScope();
        return (Noise(items, tokens, noise) * ForwardProcess.Deviation(alphaBar, float32)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public Tensor Corrupt(Tensor tokens, Tensor alphaBar, INoiseSource noise)
    {
        using var scope = NewDisposeScope();
        return ForwardProcess.Corrupt(Clean(tokens), Noise(tokens.shape[0], tokens.shape[1], noise), alphaBar).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public virtual bool Fits(Tensor weight) => true;

    /// <inheritdoc/>
    public virtual void Dispose()
    {
        _logPrior?.Dispose();
        GC.SuppressFinalize(this);
    }
}
