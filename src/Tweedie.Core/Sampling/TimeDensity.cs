namespace Tweedie.Sampling;

/// <summary>
/// A density over the timesteps 0..T−1: training draws its times from it, and sampling sets its steps at equal shares of it.
/// </summary>
public sealed class TimeDensity
{
    private readonly double[] _cumulative; // the share of timesteps 0..t, rising to 1

    private TimeDensity(IEnumerable<double> weights)
    {
        var sum = 0.0;
        double[] cumulative = [.. weights.Select(weight => sum += weight)];
        _cumulative = [.. cumulative.Select(value => value / sum)];
    }

    /// <summary>The share of the timesteps 0..t at each t, rising to 1.</summary>
    public IReadOnlyList<double> Cumulative => _cumulative;

    /// <summary>The density of a kind.</summary>
    /// <param name="kind">How timesteps are spread.</param>
    /// <param name="schedule">The noise schedule.</param>
    /// <param name="logSnrMin">For a window: the lowest log-SNR.</param>
    /// <param name="logSnrMax">For a window: the highest log-SNR.</param>
    /// <param name="code">For decode accuracy: how well tokens can be told apart.</param>
    /// <exception cref="TweedieException">The window holds no timestep.</exception>
    public static TimeDensity Create(
        TimestepDistribution kind, NoiseSchedule schedule, double logSnrMin = double.NegativeInfinity, double logSnrMax = double.PositiveInfinity, TokenCode? code = null)
    {
        var times = Enumerable.Range(0, schedule.Timesteps);
        return kind switch
        {
            TimestepDistribution.Uniform => new(times.Select(_ => 1.0)),
            TimestepDistribution.Beta => new(times.Select(t => Math.Pow(t + 1, 1.5) - Math.Pow(t, 1.5))), // Beta(a, 1) has the distribution function u^a
            TimestepDistribution.LogSnrWindow => Window(schedule, logSnrMin, logSnrMax, _ => 1),
            TimestepDistribution.LogSnr => Window(schedule, logSnrMin, logSnrMax, t => Change(schedule.Timesteps, t, schedule.LogSnr)),
            TimestepDistribution.DecodeAccuracy => DecodeAccuracy(schedule, code ?? throw new ArgumentNullException(nameof(code))),
            TimestepDistribution.CrossEntropy => throw new ArgumentException($"Use {nameof(OfLosses)}.", nameof(kind)),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Unknown distribution."),
        };
    }

    /// <summary>The density that follows the change of a measured loss.</summary>
    /// <param name="timesteps">T.</param>
    /// <param name="losses">The loss in equal parts of the timesteps, cleanest first; NaN where nothing was measured yet. A loss that falls counts as no change.</param>
    public static TimeDensity OfLosses(int timesteps, IReadOnlyList<double> losses)
    {
        const double floor = 0.1; // the share that is spread evenly: no timestep is left out, and what is measured wrongly can be measured again
        var measured = losses.Where(double.IsFinite).ToArray();
        var change = new double[losses.Count];
        var highest = measured.FirstOrDefault();
        for (var part = 0; part < losses.Count; part++)
        {
            var loss = double.IsFinite(losses[part]) ? Math.Max(highest, losses[part]) : highest;
            // A change between two parts lies half in each of them.
            change[Math.Max(0, part - 1)] += (loss - highest) / 2;
            change[part] += (loss - highest) / 2;
            highest = loss;
        }
        var total = change.Sum();
        return new(Enumerable.Range(0, timesteps).Select(t =>
            total == 0 ? 1.0 / timesteps : floor / timesteps + (1 - floor) * change[(int)((long)t * losses.Count / timesteps)] * losses.Count / (total * timesteps)));
    }

    /// <summary>The timestep below which a share of the density lies: 0 gives the cleanest timestep that has any, 1 the noisiest.</summary>
    /// <param name="share">0 to 1.</param>
    public int Quantile(double share)
    {
        var below = Math.Min(share, Math.BitDecrement(1.0));
        return Array.FindIndex(_cumulative, value => value > below);
    }

    private static TimeDensity Window(NoiseSchedule schedule, double minimum, double maximum, Func<int, double> weight)
    {
        double[] weights = [.. Enumerable.Range(0, schedule.Timesteps).Select(t => schedule.LogSnr(t) >= minimum && schedule.LogSnr(t) <= maximum ? weight(t) : 0)];
        if (weights.All(value => value == 0))
            throw new TweedieException(FormattableString.Invariant(
                $"logSnrMin = {minimum}, logSnrMax = {maximum}: no timestep lies in this window; the schedule's log-SNR runs from {schedule.LogSnr(schedule.Timesteps - 1):F1} to {schedule.LogSnr(0):F1}."));
        return new(weights);
    }

    private static TimeDensity DecodeAccuracy(NoiseSchedule schedule, TokenCode code)
    {
        const double least = 1e-3; // of the mean: each timestep has some share, so that the first and the last step stay where they are
        var accuracy = Array.ConvertAll<double, double>([.. schedule.AlphaBar], alphaBar => ScheduleDiagnostics.ProbabilityArgmaxIsClean(alphaBar, code.Classes, code.Height));
        return new(Enumerable.Range(0, schedule.Timesteps).Select(t => Change(schedule.Timesteps, t, at => accuracy[at]) + least / schedule.Timesteps));
    }

    // How much a falling function of the timestep changes about t.
    private static double Change(int timesteps, int t, Func<int, double> of)
    {
        var (before, after) = (Math.Max(0, t - 1), Math.Min(timesteps - 1, t + 1));
        return (of(before) - of(after)) / (after - before);
    }
}
