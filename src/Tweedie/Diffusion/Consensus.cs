using static TorchSharp.torch;

namespace Tweedie.Diffusion;

/// <summary>
/// Consensus decoding: Σ (1−ᾱ_t)·p_t / Σ (1−ᾱ_t) over the steps. The argmax loop tends to confirm its own early mistakes;
/// the noisy steps, which must look at the condition, get the larger say. The sum holds B·N·K numbers, as nothing else in one-hot sampling does.
/// </summary>
public sealed class Consensus : IDisposable
{
    private Tensor? _sum;
    private double _weight;

    private Tensor Sum => _sum ?? throw new InvalidOperationException("No step was added.");

    /// <summary>Adds a step's prediction.</summary>
    public void Add(DenoisingStep step)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var (logits, share) = (step.Logits, 1 - step.AlphaBar);
        _weight += share;
        _sum ??= zeros([.. logits.Hidden.shape[..^1], logits.Classes], float32, logits.Hidden.device).DetachFromDisposeScope();
        var normalizer = logits.LogNormalizer().unsqueeze(-1);
        for (var chunk = 0; chunk < logits.Chunks; chunk++)
        {
            using var chunkScope = NewDisposeScope();
            var probabilities = (logits.Chunk(chunk) - normalizer).exp_();
            _sum.narrow(-1, Logits.ChunkStart(chunk), probabilities.shape[^1]).Increase(probabilities, share);
        }
    }

    /// <summary>The averaged distribution, shape (B, N, K), float32; a new tensor that the caller owns.</summary>
    public Tensor Probabilities() => Sum.Over(_weight);

    /// <summary>The most probable entries, shape (B, N), int64; a new tensor that the caller owns.</summary>
    public Tensor Tokens() => Sum.argmax(-1);

    /// <inheritdoc/>
    public void Dispose() => _sum?.Dispose();
}
