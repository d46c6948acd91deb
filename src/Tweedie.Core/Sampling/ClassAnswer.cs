namespace Tweedie.Sampling;

/// <summary>A class that an image may show.</summary>
/// <param name="Name">The class's name.</param>
/// <param name="Probability">Its probability, calibrated where the model is calibrated for the setting.</param>
public sealed record ClassAnswer(string Name, double Probability)
{
    /// <summary>The class's number, 0..K−1.</summary>
    public int Class { get; init; }

    /// <summary>The probability as the model gives it, before calibration.</summary>
    public double Uncalibrated { get; init; }

    /// <summary>The standard deviation between independent draws of the probability that the model gives; 0 for one draw.</summary>
    public double Deviation { get; init; }

    /// <summary>Whether the model is calibrated for the setting.</summary>
    public bool IsCalibrated { get; init; }

    /// <summary>The most probable classes of an image, best first.</summary>
    /// <param name="names">The names of K classes.</param>
    /// <param name="mean">The mean distribution over the draws, as the model gives it: K numbers.</param>
    /// <param name="variance">The variance between the draws: K numbers.</param>
    /// <param name="calibrated">The calibrated distribution, K numbers; null where the model is not calibrated for the setting.</param>
    /// <param name="top">How many classes, at least 1; at most all are given.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="top"/> is not positive.</exception>
    public static IReadOnlyList<ClassAnswer> Best(IReadOnlyList<string> names, float[] mean, float[] variance, float[]? calibrated, int top)
    {
        ArgumentNullException.ThrowIfNull(names);
        ArgumentNullException.ThrowIfNull(mean);
        ArgumentNullException.ThrowIfNull(variance);
        ArgumentOutOfRangeException.ThrowIfLessThan(top, 1);
        return [.. Enumerable.Range(0, mean.Length).OrderByDescending(k => mean[k]).Take(top).Select(k => new ClassAnswer(names[k], (calibrated ?? mean)[k])
        {
            Class = k,
            Uncalibrated = mean[k],
            Deviation = Math.Sqrt(variance[k]),
            IsCalibrated = calibrated is not null,
        })];
    }
}
