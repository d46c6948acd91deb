namespace Tweedie.Sampling;

/// <summary>The training objective of a diffusion process.</summary>
public sealed record ObjectiveOptions
{
    /// <summary>Whether the loss carries the timestep-conditioned coefficient w(t) = ᾱ_t (paper §3.2); masked diffusion has its own weight, and autoregression none.</summary>
    public bool Coefficient { get; init; }

    /// <summary>Smoothing inside the cross-entropy, 0 to 1; a state is always made from the hard token.</summary>
    public double LabelSmoothing { get; init; }

    /// <summary>The distribution of training timesteps; masked diffusion draws uniform times, and autoregression none.</summary>
    public TimestepDistribution Timesteps { get; init; }

    /// <summary>
    /// Share of the items whose tokens have noise levels of their own, some clean and some noisy; the tokens of the other items share one level. It is 0 in the
    /// paper. Samplers that commit tokens one after the other need it.
    /// </summary>
    public double TokenLevels { get; init; }

    /// <summary>The levels of those items.</summary>
    public LevelPattern LevelPattern { get; init; }

    /// <summary>For the log-SNR window of timesteps: its lower end.</summary>
    public double LogSnrMin { get; init; } = -8;

    /// <summary>For the log-SNR window of timesteps: its upper end.</summary>
    public double LogSnrMax { get; init; } = 4;
}
