namespace Tweedie.Sampling;

/// <summary>
/// Plans of sampling: the levels that the reverse process visits, noisiest first. The network always sees timesteps on the training scale 0..T−1.
/// </summary>
public static class SamplingPlan
{
    private const int MaskedScale = 999; // masked diffusion tells the network t on the scale of 1000 timesteps

    /// <summary>
    /// Uniform respacing from T−1 to 0 (the rule of ADM's <c>space_timesteps</c>, rounding half to even).
    /// A single step starts from pure noise, so its plan is T−1, where ADM's rule would give 0.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than one step, or more steps than timesteps.</exception>
    public static IReadOnlyList<NoiseLevel> Uniform(NoiseSchedule schedule, int steps)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(steps, schedule.Timesteps);
        if (steps == 1)
            return [schedule.Level(schedule.Timesteps - 1)];
        var stride = (schedule.Timesteps - 1.0) / (steps - 1);
        var rising = new NoiseLevel[steps];
        var position = 0.0;
        for (var i = 0; i < steps; i++, position += stride)
            rising[i] = schedule.Level((int)Math.Round(position, MidpointRounding.ToEven));
        Array.Reverse(rising);
        return rising;
    }

    /// <summary>
    /// The control's plan: every step is at T−1, where the state is pure noise. With a sampler that feeds nothing back, n steps are n independent
    /// one-step predictions. A gain from iterating must show against this control.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than one step.</exception>
    public static IReadOnlyList<NoiseLevel> Control(NoiseSchedule schedule, int steps)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        return [.. Enumerable.Repeat(schedule.Level(schedule.Timesteps - 1), steps)];
    }

    /// <summary>Masked diffusion's plan: from all tokens hidden (t = 1) to none (t = 0) in equal steps of time.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than one step.</exception>
    public static IReadOnlyList<NoiseLevel> Masked(int steps)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        return [.. Enumerable.Range(0, steps).Select(index => 1 - (double)index / steps)
            .Select(time => new NoiseLevel((int)Math.Round(time * MaskedScale), 1 - time))];
    }
}
