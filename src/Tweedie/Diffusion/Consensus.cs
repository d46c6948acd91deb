using static TorchSharp.torch;

namespace Tweedie.Diffusion;

/// <summary>
/// Consensus decoding: Σ (1−ᾱ_t)·p_t / Σ (1−ᾱ_t) over the steps. The argmax loop tends to confirm its own early mistakes;
/// the noisy steps, which must look at the condition, get the larger say.
/// </summary>
public sealed class Consensus : IDisposable
{
    private Tensor? _sum;
    private double _weight;

    /// <summary>Adds a step's prediction.</summary>
    public void Add(DenoisingStep step)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var share = 1 - step.AlphaBar;
        var weighted = step.Probabilities().mul_(share);
        _weight += share;
        if (_sum is null)
            _sum = weighted.DetachFromDisposeScope();
        else
            _sum.add_(weighted);
    }

    /// <summary>The averaged distribution, shape (B, N, K), float32; a new tensor that the caller owns.</summary>
    public Tensor Probabilities() => (_sum ?? throw new InvalidOperationException("No step was added.")) / _weight;

    /// <inheritdoc/>
    public void Dispose() => _sum?.Dispose();
}
