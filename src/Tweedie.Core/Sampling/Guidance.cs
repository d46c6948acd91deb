namespace Tweedie.Sampling;

/// <summary>The scale of classifier-free guidance over the steps. Scale 1 changes nothing and needs no unconditional pass.</summary>
/// <param name="Scale">The guidance scale γ, at least 0.</param>
/// <param name="Schedule">How the scale changes over the steps.</param>
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
}
