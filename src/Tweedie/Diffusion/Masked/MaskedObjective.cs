using static TorchSharp.torch;

namespace Tweedie.Diffusion.Masked;

/// <summary>
/// The training objective of masked diffusion: the cross-entropy of hidden tokens over t, which bounds the likelihood (MDLM, LLaDA).
/// Visible tokens are known and have no loss. The K entries do not contain the mask, so no probability goes to it.
/// </summary>
public static class MaskedObjective
{
    /// <summary>Σ −log p(x0)/t over hidden tokens.</summary>
    /// <param name="logits">Scores of the hidden tokens, of K entries for (1, H) tokens, with their output layer.</param>
    /// <param name="tokens">What is hidden, shape (1, H), int64; H is at least 1.</param>
    /// <param name="times">t of the item that each stands in, shape (1, H).</param>
    /// <param name="tokenWeights">What each counts, shape (1, H); 1 if null.</param>
    /// <param name="labelSmoothing">Smoothing inside the cross-entropy, 0 to 1.</param>
    /// <returns>A scalar, float32.</returns>
    public static Tensor Sum(Logits logits, Tensor tokens, Tensor times, Tensor? tokenWeights = null, double labelSmoothing = 0)
    {
        using var scope = NewDisposeScope();
        var weights = times.reciprocal();
        return LinearCrossEntropy.Sum(logits, tokens, tokenWeights is null ? weights : weights * tokenWeights, labelSmoothing).MoveToOuterDisposeScope();
    }
}
