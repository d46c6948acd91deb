namespace Tweedie.Sampling;

/// <summary>The shape of ᾱ_t over time; see <see cref="NoiseSchedule"/>.</summary>
public enum ScheduleKind
{
    /// <summary>Squared cosine (Nichol and Dhariwal 2021), the default.</summary>
    Cosine,
    /// <summary>Linear β (Ho et al. 2020).</summary>
    Linear,
    /// <summary>log(ᾱ/(1−ᾱ)) falls linearly within a window.</summary>
    LogSnr,
}
