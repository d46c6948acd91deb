using static TorchSharp.torch;

namespace Tweedie.Diffusion;

/// <summary>Classifier-free guidance (Ho and Salimans 2022; paper A.3, Eq. 1).</summary>
internal static class ClassifierFreeGuidance
{
    /// <summary>u + γ·(c − u). The formula is linear, so it may be applied to logits or to the hidden state before a linear output layer.</summary>
    /// <param name="conditional">c.</param>
    /// <param name="unconditional">u.</param>
    /// <param name="scale">γ.</param>
    public static Tensor Combine(Tensor conditional, Tensor unconditional, double scale)
    {
        using var scope = NewDisposeScope();
        // The sum starts from c, so that scale 1 gives exactly c.
        return conditional.Plus(conditional - unconditional, scale - 1).MoveToOuterDisposeScope();
    }
}
