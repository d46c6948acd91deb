namespace Tweedie.Sampling;

/// <summary>How timesteps are spread: where training draws them, and where sampling sets its steps.</summary>
public enum TimestepDistribution
{
    /// <summary>Uniform on 0..T−1 (the paper).</summary>
    Uniform,
    /// <summary>Beta(1.5, 1) on t/T: more weight on noisy timesteps.</summary>
    Beta,
    /// <summary>Uniform over the timesteps whose log-SNR lies within a window.</summary>
    LogSnrWindow,
    /// <summary>Uniform in the log-SNR, within a window.</summary>
    LogSnr,
    /// <summary>
    /// Uniform in the probability with which a token can be read from its own state alone (<see cref="ScheduleDiagnostics.ProbabilityArgmaxIsClean"/>): most times
    /// lie where tokens are undecided.
    /// </summary>
    DecodeAccuracy,
    /// <summary>
    /// Uniform in the measured cross-entropy: most times lie where the network's uncertainty changes. The model keeps the measurement
    /// (<see cref="DiffusionOptions.MeasuresLoss"/>).
    /// </summary>
    CrossEntropy,
}
