using static TorchSharp.torch;

namespace Tweedie.Diffusion;

/// <summary>Classifier-free guidance (paper A.3, Eq. 1). Scale 1 is the identity and costs no unconditional pass.</summary>
/// <param name="Scale">The guidance scale γ, at least 0.</param>
/// <param name="Schedule">How the scale moves over the steps.</param>
public sealed record Guidance(double Scale, GuidanceSchedule Schedule = GuidanceSchedule.Constant)
{
    /// <summary>No guidance.</summary>
    public static Guidance None { get; } = new(1);

    /// <summary>γ at step <paramref name="step"/> (0-based) of <paramref name="steps"/>.</summary>
    public double ScaleAt(int step, int steps) => Schedule switch
    {
        GuidanceSchedule.Linear when steps > 1 => 1 + (Scale - 1) * step / (steps - 1),
        _ => Scale,
    };

    /// <summary>u + γ·(c − u). Linear, so it may be applied to logits or to the hidden state before a linear output layer.</summary>
    public static Tensor Combine(Tensor conditional, Tensor unconditional, double scale)
    {
        using var scope = NewDisposeScope();
        // Written from c, so that scale 1 gives exactly c.
        return conditional.Plus(conditional - unconditional, scale - 1).MoveToOuterDisposeScope();
    }
}
