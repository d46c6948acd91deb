using Tweedie.Sampling;
using static TorchSharp.torch;

namespace Tweedie.Diffusion;

/// <summary>
/// Turns a trajectory into predictions, under each of the decodings asked for, in one pass over its steps. <see cref="DecodeKind.Last"/> is the prediction of
/// the last step, the paper's rule. <see cref="DecodeKind.Consensus"/> is Σ (1−ᾱ_t)·p_t / Σ (1−ᾱ_t) over the steps. The argmax loop tends to confirm its own
/// early mistakes; consensus gives more weight to the noisy steps, which must look at the condition.
/// </summary>
/// <param name="kinds">The decodings.</param>
/// <param name="probabilities">
/// Whether the last step's distribution is kept too. The sums of consensus hold B·N·K numbers; nothing else in one-hot sampling does.
/// </param>
public sealed class Decoding(IReadOnlyCollection<DecodeKind> kinds, bool probabilities = true) : IDisposable
{
    private Tensor? _lastTokens;
    private Tensor? _last;
    private Tensor? _sum;
    private double _weight;

    /// <summary>Reads trajectories to their end.</summary>
    public static Decoding Of(IEnumerable<DenoisingStep> steps, DecodeKind kind, bool probabilities = true)
    {
        var decoding = new Decoding([kind], probabilities);
        foreach (var step in steps)
            decoding.Add(step);
        return decoding;
    }

    /// <summary>Adds a step.</summary>
    public void Add(DenoisingStep step)
    {
        if (kinds.Contains(DecodeKind.Consensus))
            AddToConsensus(step.Logits, 1 - step.AlphaBar);
        if (!step.IsLast || !kinds.Contains(DecodeKind.Last))
            return;
        _lastTokens = Unscoped.Compute(step.Tokens.clone);
        if (probabilities)
            _last = Unscoped.Compute(step.Probabilities);
    }

    /// <summary>The distribution of each token, shape (B, N, K), float32; a new tensor that the caller owns.</summary>
    /// <exception cref="InvalidOperationException">The decoding or its probabilities were not asked for, or no last step was added.</exception>
    public Tensor Probabilities(DecodeKind kind) => kind == DecodeKind.Consensus ? Of(_sum).Over(_weight) : Of(_last).clone();

    /// <summary>The predicted tokens, shape (B, N), int64; a new tensor that the caller owns.</summary>
    /// <exception cref="InvalidOperationException">The decoding was not asked for, or no last step was added.</exception>
    public Tensor Tokens(DecodeKind kind) => kind == DecodeKind.Consensus ? Of(_sum).argmax(-1) : Of(_lastTokens).clone();

    /// <inheritdoc/>
    public void Dispose()
    {
        _lastTokens?.Dispose();
        _last?.Dispose();
        _sum?.Dispose();
    }

    private void AddToConsensus(Logits logits, double share)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        _weight += share;
        _sum ??= zeros([.. logits.Hidden.shape[..^1], logits.Classes], float32, logits.Hidden.device).DetachFromDisposeScope();
        var normalizer = logits.LogNormalizer().unsqueeze(-1);
        for (var chunk = 0; chunk < logits.Chunks; chunk++)
        {
            using var chunkScope = NewDisposeScope();
            var shares = (logits.Chunk(chunk) - normalizer).exp_();
            _sum.narrow(-1, Logits.ChunkStart(chunk), shares.shape[^1]).Increase(shares, share);
        }
    }

    private static Tensor Of(Tensor? value) => value ?? throw new InvalidOperationException("No step was added for this decoding.");
}
