using Tweedie.Sampling;

namespace Extending;

/// <summary>
/// Shows a custom step grid. Its steps are not even: they are small where the state is nearly clean. Its time is asymmetric (Chen et al. 2022): the
/// network is told a later timestep than the state's, so it trusts the state a little less. A grid is a list of <see cref="NoiseLevel"/>, noisiest first.
/// </summary>
public static class LateGrid
{
    /// <summary>Creates the grid.</summary>
    /// <param name="schedule">The noise schedule.</param>
    /// <param name="steps">Number of steps, at least 1.</param>
    /// <param name="late">How many timesteps later the network is told.</param>
    public static IReadOnlyList<NoiseLevel> Create(NoiseSchedule schedule, int steps, int late)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(late);
        var last = schedule.Timesteps - 1;
        return [.. Enumerable.Range(0, steps).Select(index =>
        {
            var timestep = (int)Math.Round(last * Math.Pow(1 - (double)index / steps, 2));
            return new NoiseLevel(Timestep: Math.Min(last, timestep + late), schedule.AlphaBar[timestep]);
        })];
    }
}
