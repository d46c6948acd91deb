namespace Tweedie.Sampling;

/// <summary>
/// The variance schedule ᾱ_t (paper §3.1), computed in double precision.
/// Timesteps are indices 0..T−1: 0 is the cleanest, T−1 the noisiest (the paper counts 1..T).
/// </summary>
public sealed class NoiseSchedule
{
    private const double CosineOffset = 0.008;
    private const double MaximumBeta = 0.999;

    private readonly double[] _alphaBar;

    /// <summary>A custom schedule.</summary>
    /// <param name="alphaBar">ᾱ_t for t = 0..T−1, at least two, strictly between 0 and 1 and falling.</param>
    /// <exception cref="ArgumentException">There are fewer than two, or one is out of range or does not fall.</exception>
    public NoiseSchedule(IEnumerable<double> alphaBar)
    {
        _alphaBar = [.. alphaBar];
        ArgumentOutOfRangeException.ThrowIfLessThan(_alphaBar.Length, 2, nameof(alphaBar));
        for (var t = 0; t < _alphaBar.Length; t++)
            if (!(_alphaBar[t] > 0 && _alphaBar[t] < (t == 0 ? 1 : _alphaBar[t - 1])))
                throw new ArgumentException($"ᾱ[{t}] = {_alphaBar[t]}: must fall with t and lie between 0 and 1.", nameof(alphaBar));
    }

    private NoiseSchedule(int timesteps, Func<int, double> alphaBar)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(timesteps, 2);
        _alphaBar = [.. Enumerable.Range(0, timesteps).Select(alphaBar)];
    }

    /// <summary>T, the number of timesteps.</summary>
    public int Timesteps => _alphaBar.Length;

    /// <summary>ᾱ_t, strictly between 0 and 1 and falling with t.</summary>
    public IReadOnlyList<double> AlphaBar => _alphaBar;

    /// <summary>The schedule that the options describe.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than two timesteps; the same holds for each schedule below.</exception>
    public static NoiseSchedule Create(DiffusionOptions options) => options.Schedule switch
    {
        ScheduleKind.Cosine => Cosine(options.Timesteps),
        ScheduleKind.Linear => Linear(options.Timesteps),
        ScheduleKind.LogSnr => LogSnrWindow(options.Timesteps, options.LogSnrMin, options.LogSnrMax),
        _ => throw new ArgumentOutOfRangeException(nameof(options), options.Schedule, "Unknown schedule."),
    };

    /// <summary>β_i = min(1 − f((i+1)/T)/f(i/T), 0.999) with f(u) = cos²((u + 0.008)/1.008 · π/2) (Nichol and Dhariwal 2021).</summary>
    public static NoiseSchedule Cosine(int timesteps) =>
        FromBetas(timesteps, i =>
            Math.Min(1 - CosineSignal((i + 1.0) / timesteps) / CosineSignal((double)i / timesteps), MaximumBeta));

    /// <summary>β linear from 1e-4 to 0.02, both times 1000/T (Ho et al. 2020).</summary>
    public static NoiseSchedule Linear(int timesteps)
    {
        var (first, last) = (1e-4 * 1000 / timesteps, Math.Min(0.02 * 1000 / timesteps, MaximumBeta));
        return FromBetas(timesteps, i => first + (last - first) * i / (timesteps - 1));
    }

    /// <summary>ᾱ_t = sigmoid(λ_t) with λ_t linear from <paramref name="maximum"/> (t = 0) to <paramref name="minimum"/> (t = T−1).</summary>
    public static NoiseSchedule LogSnrWindow(int timesteps, double minimum, double maximum) =>
        new(timesteps, i => 1 / (1 + Math.Exp(-(maximum + (minimum - maximum) * i / (timesteps - 1)))));

    /// <summary>The level of a timestep: its own ᾱ, and the network is told this timestep.</summary>
    public NoiseLevel Level(int timestep) => new(timestep, _alphaBar[timestep]);

    /// <summary>log(ᾱ_t / (1 − ᾱ_t)).</summary>
    public double LogSnr(int timestep) => Math.Log(_alphaBar[timestep] / (1 - _alphaBar[timestep]));

    /// <summary>The timestep of a level, between two timesteps where it lies between their levels; linear in the log-SNR.</summary>
    /// <param name="alphaBar">ᾱ, between 0 and 1; beyond the schedule's ends, the end's timestep is returned.</param>
    public double TimestepOf(double alphaBar)
    {
        var right = Array.FindIndex(_alphaBar, value => value <= alphaBar);
        if (right <= 0)
            return right == 0 ? 0 : Timesteps - 1;
        var (before, after, at) = (LogSnr(right - 1), LogSnr(right), Math.Log(alphaBar / (1 - alphaBar)));
        return right - (at - after) / (before - after);
    }

    private static double CosineSignal(double u) => Math.Pow(Math.Cos((u + CosineOffset) / (1 + CosineOffset) * Math.PI / 2), 2);

    private static NoiseSchedule FromBetas(int timesteps, Func<int, double> beta)
    {
        var product = 1.0;
        return new(timesteps, i => product *= 1 - beta(i));
    }
}
