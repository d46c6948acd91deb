using static TorchSharp.torch;

namespace Tweedie.Diffusion;

/// <summary>
/// The training objective: E_t w(t)·CE(p_θ(y0 | y_t, c), y0) with w(t) = ᾱ_t (the paper's timestep-conditioned coefficient, §3.2) or 1;
/// and the regressions of the ablation (Table 2).
/// </summary>
/// <param name="prediction">What the network's outputs mean, and so which loss applies.</param>
/// <param name="coefficient">Whether the loss is weighted by ᾱ_t.</param>
/// <param name="labelSmoothing">Smoothing inside the cross-entropy, 0 to 1; y_t is always noised from the hard label.</param>
/// <param name="scale">s, the height of the hot entry.</param>
public sealed class TrainingObjective(PredictionKind prediction, bool coefficient, double labelSmoothing, double scale)
{
    /// <summary>The mean loss over a batch.</summary>
    /// <param name="output">The network's output, shape (B, N, K).</param>
    /// <param name="tokens">y0, shape (B, N), int64.</param>
    /// <param name="alphaBar">ᾱ_t of each item, shape (B).</param>
    /// <param name="tokenWeights">What each token counts, shape (B, N); 1 if null.</param>
    /// <param name="noise">ε, shape (B, N, K); used by noise regression only.</param>
    /// <returns>A scalar: the tokens' losses summed over N, averaged over B. Float32.</returns>
    public Tensor Loss(Tensor output, Tensor tokens, Tensor alphaBar, Tensor? noise = null, Tensor? tokenWeights = null)
    {
        using var scope = NewDisposeScope();
        var losses = TokenLosses(output.to(float32), tokens, noise);
        var perItem = (tokenWeights is null ? losses : losses * tokenWeights).sum(1); // (B)
        if (coefficient)
            perItem = perItem * alphaBar.to(float32);
        return perItem.mean().MoveToOuterDisposeScope();
    }

    private Tensor TokenLosses(Tensor output, Tensor tokens, Tensor? noise)
    {
        switch (prediction)
        {
            case PredictionKind.Logits:
                return nn.functional.cross_entropy(output.flatten(0, 1), tokens.flatten(), reduction: nn.Reduction.None,
                    label_smoothing: labelSmoothing).view(tokens.shape);
            case PredictionKind.Noise:
                return (output - (noise ?? throw new ArgumentNullException(nameof(noise)))).square().mean([-1]);
            case PredictionKind.Clean:
                return (output - scale * ForwardProcess.OneHot(tokens, output.shape[^1])).square().mean([-1]);
            default:
                throw new InvalidOperationException($"Unknown prediction kind {prediction}.");
        }
    }
}
