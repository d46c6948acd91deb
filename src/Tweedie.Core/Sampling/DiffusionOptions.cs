using System.ComponentModel.DataAnnotations;

namespace Tweedie.Sampling;

/// <summary>The diffusion process of a model: everything that must be equal in training and sampling.</summary>
public sealed record DiffusionOptions : IValidatableObject
{
    /// <summary>The noise schedule.</summary>
    public ScheduleKind Schedule { get; init; } = ScheduleKind.Cosine;

    /// <summary>T, the number of training timesteps.</summary>
    [Range(2, 100_000)]
    public int Timesteps { get; init; } = 1000;

    /// <summary>s, the height of the hot entry: 1 is one-hot, 0 &lt; s &lt; 1 is the paper's λ-hot variant (§3.2).</summary>
    [Range(0.001, 100.0)]
    public double Scale { get; init; } = 1.0;

    /// <summary>What the network predicts.</summary>
    public PredictionKind Prediction { get; init; } = PredictionKind.Logits;

    /// <summary>How a state enters the network.</summary>
    public InputKind Input { get; init; }

    /// <summary>
    /// Whether training measures the cross-entropy by timestep and keeps it with the model. Timesteps and step grids by cross-entropy need it. In one batch of eight
    /// the vocabulary is projected once more.
    /// </summary>
    public bool MeasuresLoss { get; init; }

    /// <summary>
    /// Which tokens of training rows are known from the start, so that the network learns to fill gaps. Null trains none: then known tokens get as much noise as the
    /// others when the model is sampled.
    /// </summary>
    public KnownTokensOptions? Known { get; init; }

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
