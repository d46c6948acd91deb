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
    /// <param name="output">The network's output for (B, N) tokens.</param>
    /// <param name="tokens">y0, shape (B, N), int64.</param>
    /// <param name="alphaBar">ᾱ_t of each item, shape (B).</param>
    /// <param name="tokenWeights">What each token counts, shape (B, N), as for padding that counts less; 1 if null.</param>
    /// <param name="noise">ε, shape (B, N, K); used by noise regression only.</param>
    /// <returns>A scalar: the tokens' weighted losses summed over N, averaged over B. Float32.</returns>
    public Tensor Loss(Logits output, Tensor tokens, Tensor alphaBar, Tensor? tokenWeights = null, Tensor? noise = null)
    {
        using var scope = NewDisposeScope();
        var weights = (tokenWeights ?? ones(tokens.shape, device: tokens.device)).to(float32).Over(tokens.shape[0]);
        if (coefficient)
            weights = weights * alphaBar.to(float32).unsqueeze(1);
        var loss = prediction switch
        {
            PredictionKind.Logits => LinearCrossEntropy.Sum(output, tokens, weights, labelSmoothing),
            PredictionKind.Noise => (SquaredError(output, noise ?? throw new ArgumentNullException(nameof(noise))) * weights).sum(),
            PredictionKind.Clean => (SquaredError(output, ForwardProcess.OneHot(tokens, output.Classes).Times(scale)) * weights).sum(),
            _ => throw new InvalidOperationException($"Unknown prediction kind {prediction}."),
        };
        return loss.MoveToOuterDisposeScope();
    }

    // The mean over the K entries: (B, N).
    private static Tensor SquaredError(Logits output, Tensor target)
    {
        var difference = output.All() - target;
        return (difference * difference).mean([-1]);
    }
}
