using System.ComponentModel.DataAnnotations;

namespace Tweedie.Diffusion;

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

/// <summary>What the network's K outputs a token mean.</summary>
public enum PredictionKind
{
    /// <summary>Logits of p(y0 | y_t, c): the paper's method.</summary>
    Logits,
    /// <summary>The noise ε: the regression of the paper's ablation (Table 2, first row).</summary>
    Noise,
    /// <summary>The clean one-hot vector s·y0, by regression.</summary>
    Clean,
}

/// <summary>The diffusion process of a model: everything that must be equal in training and sampling.</summary>
public sealed record DiffusionOptions : IValidatableObject
{
    /// <summary>The noise schedule. Default: cosine.</summary>
    public ScheduleKind Schedule { get; init; } = ScheduleKind.Cosine;

    /// <summary>T, the number of training timesteps. Default: 1000.</summary>
    [Range(2, 100_000)]
    public int Timesteps { get; init; } = 1000;

    /// <summary>s, the height of the hot entry: 1 is one-hot, 0 &lt; s &lt; 1 the paper's λ-hot variant (§3.2).</summary>
    [Range(0.001, 100.0)]
    public double Scale { get; init; } = 1.0;

    /// <summary>What the network predicts. Default: logits.</summary>
    public PredictionKind Prediction { get; init; } = PredictionKind.Logits;

    /// <summary>For the log-SNR schedule: log(ᾱ/(1−ᾱ)) at the noisiest timestep.</summary>
    [Range(-40.0, 40.0)]
    public double LogSnrMin { get; init; } = -12;

    /// <summary>For the log-SNR schedule: log(ᾱ/(1−ᾱ)) at the cleanest timestep; above 20, ᾱ would be too close to 1 to tell timesteps apart.</summary>
    [Range(-40.0, 20.0)]
    public double LogSnrMax { get; init; } = 6;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (LogSnrMin >= LogSnrMax)
            yield return new ValidationResult($"must be less than logSnrMax ({LogSnrMax})", [nameof(LogSnrMin)]);
    }
}
