using static TorchSharp.torch;

namespace Tweedie.Diffusion.Masked;

/// <summary>
/// The training objective of masked diffusion: the cross-entropy of hidden tokens over t, which bounds the likelihood (MDLM, LLaDA).
/// Visible tokens are known and have no loss.
/// </summary>
public static class MaskedObjective
{
    /// <summary>−log p(x0)/t of each hidden token. The K entries do not contain the mask, so no probability goes to it.</summary>
    /// <param name="logits">Scores of the hidden tokens, shape (H, K).</param>
    /// <param name="tokens">What is hidden, shape (H), int64.</param>
    /// <param name="times">t of the item that each stands in, shape (H).</param>
    /// <param name="labelSmoothing">Smoothing inside the cross-entropy, 0 to 1.</param>
    /// <returns>Shape (H), float32.</returns>
    public static Tensor TokenLosses(Tensor logits, Tensor tokens, Tensor times, double labelSmoothing = 0)
    {
        using var scope = NewDisposeScope();
        var losses = nn.functional.cross_entropy(logits.to(float32), tokens, reduction: nn.Reduction.None, label_smoothing: labelSmoothing);
        return (losses / times).MoveToOuterDisposeScope();
    }
}
