namespace Tweedie.Sampling;

/// <summary>Where training timesteps come from.</summary>
public enum TimestepDistribution
{
    /// <summary>Uniform on 0..T−1 (the paper).</summary>
    Uniform,
    /// <summary>Beta(1.5, 1) on t/T: more weight on noisy timesteps.</summary>
    Beta,
    /// <summary>Uniform over the timesteps whose log-SNR lies within a window.</summary>
    LogSnrWindow,
}
