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

    /// <summary>Steps at equal shares of a density of timesteps, noisiest first. Each step has a timestep of its own.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than one step, or more steps than timesteps.</exception>
    public static IReadOnlyList<NoiseLevel> Spread(NoiseSchedule schedule, TimeDensity density, int steps)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(steps, schedule.Timesteps);
        if (steps == 1)
            return [schedule.Level(density.Quantile(1))];
        var falling = new NoiseLevel[steps];
        var previous = schedule.Timesteps;
        for (var i = 0; i < steps; i++)
        {
            var wanted = density.Quantile(1 - i / (steps - 1.0));
            previous = Math.Max(Math.Min(wanted, previous - 1), steps - 1 - i);
            falling[i] = schedule.Level(previous);
        }
        return falling;
    }

    /// <summary>The plan with other told timesteps: those of a number of steps earlier, and then mapped to floor·T + (1−floor)·t.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="timesteps">T.</param>
    /// <param name="delay">Steps by which the told timestep lags behind the state.</param>
    /// <param name="floor">0 to 1.</param>
    public static IReadOnlyList<NoiseLevel> Tell(IReadOnlyList<NoiseLevel> plan, int timesteps, int delay = 0, double floor = 0) =>
        [.. plan.Select((level, index) => level with
        {
            Timestep = (int)Math.Round(floor * (timesteps - 1) + (1 - floor) * plan[Math.Max(0, index - delay)].Timestep),
        })];

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
