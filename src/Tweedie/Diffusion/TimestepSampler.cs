using TorchSharp;
using Tweedie.Sampling;
using static TorchSharp.torch;

namespace Tweedie.Diffusion;

/// <summary>
/// Draws training timesteps. The R copies of an image are stratified: copy r draws from the r-th of R equal slices of probability,
/// which leaves each timestep's probability as it was and lowers the variance of the gradient.
/// </summary>
internal sealed class TimestepSampler
{
    private readonly int _first;
    private readonly int _count;
    private readonly double _exponent;

    /// <summary>Creates a sampler.</summary>
    /// <param name="schedule">The noise schedule; it gives T and the log-SNR.</param>
    /// <param name="distribution">The distribution of t.</param>
    /// <param name="logSnrMin">For the window: the lowest log-SNR.</param>
    /// <param name="logSnrMax">For the window: the highest log-SNR.</param>
    /// <exception cref="TweedieException">The window holds no timestep.</exception>
    public TimestepSampler(NoiseSchedule schedule, TimestepDistribution distribution, double logSnrMin = -8, double logSnrMax = 4)
    {
        (_first, _count) = (0, schedule.Timesteps);
        if (distribution == TimestepDistribution.LogSnrWindow)
        {
            var inside = Enumerable.Range(0, schedule.Timesteps)
                .Where(t => schedule.LogSnr(t) >= logSnrMin && schedule.LogSnr(t) <= logSnrMax).ToArray();
            if (inside.Length == 0)
                throw new TweedieException(FormattableString.Invariant(
                    $"logSnrMin = {logSnrMin}, logSnrMax = {logSnrMax}: no timestep lies in this window; the schedule's log-SNR runs from {schedule.LogSnr(schedule.Timesteps - 1):F1} to {schedule.LogSnr(0):F1}."));
            (_first, _count) = (inside[0], inside.Length);
        }
        // Beta(a, 1) has the distribution function u^a.
        _exponent = distribution == TimestepDistribution.Beta ? 1 / 1.5 : 1;
    }

    /// <summary>Draws timesteps for <paramref name="items"/> items of <paramref name="copies"/> copies each.</summary>
    /// <returns>Shape (items · copies), int64, the copies of an item side by side.</returns>
    public Tensor Draw(int items, int copies, Device device)
    {
        using var scope = NewDisposeScope();
        var uniform = rand([items, copies], float64, device);
        var stratified = TensorArithmetic.Counting(copies, float64, device).Plus(uniform).Over(copies);
        using Scalar exponent = _exponent, last = _count - 1;
        var steps = stratified.pow(exponent).Times((double)_count).floor().to(int64).clamp(max: last).Plus((long)_first);
        return steps.flatten().MoveToOuterDisposeScope();
    }
}
