namespace Tweedie.Diffusion;

/// <summary>
/// The timesteps that the reverse process visits, noisiest first. The network always sees timesteps on the training scale 0..T−1.
/// </summary>
public sealed class SamplingPlan
{
    private SamplingPlan(IReadOnlyList<int> timesteps, bool noiseOnly) => (Timesteps, NoiseOnly) = (timesteps, noiseOnly);

    /// <summary>The visited timesteps, falling.</summary>
    public IReadOnlyList<int> Timesteps { get; }

    /// <summary>True for the control in which no prediction is ever fed back.</summary>
    public bool NoiseOnly { get; }

    /// <summary>
    /// Uniform respacing from T−1 to 0 (the rule of ADM's <c>space_timesteps</c>, rounding half to even).
    /// One step starts from pure noise, so its plan is T−1, where ADM's rule would give 0.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than one step, or more steps than timesteps.</exception>
    public static SamplingPlan Uniform(int timesteps, int steps)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(steps, timesteps);
        if (steps == 1)
            return new([timesteps - 1], noiseOnly: false);
        var stride = (timesteps - 1.0) / (steps - 1);
        var rising = new int[steps];
        var position = 0.0;
        for (var i = 0; i < steps; i++, position += stride)
            rising[i] = (int)Math.Round(position, MidpointRounding.ToEven);
        Array.Reverse(rising);
        return new(rising, noiseOnly: false);
    }

    /// <summary>
    /// The control: every step starts anew from pure noise at T−1 and nothing is fed back, so n steps are n independent
    /// one-step predictions. What iterating gains must show against this.
    /// </summary>
    public static SamplingPlan Control(int timesteps, int steps)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        return new([.. Enumerable.Repeat(timesteps - 1, steps)], noiseOnly: true);
    }
}
