using System.ComponentModel.DataAnnotations;

namespace Tweedie.Images;

/// <summary>How the images of a batch are mixed.</summary>
public sealed record MixupOptions : IValidatableObject
{
    /// <summary>Mixup's α: shares are drawn from Beta(α, α); 0 is no mixup.</summary>
    [Range(0, 100.0)]
    public double Alpha { get; init; }

    /// <summary>CutMix's α: shares are drawn from Beta(α, α); 0 is no CutMix.</summary>
    [Range(0, 100.0)]
    public double CutMixAlpha { get; init; }

    /// <summary>Probability that a batch is mixed.</summary>
    [Range(0, 1.0)]
    public double Probability { get; init; } = 1;

    /// <summary>Probability of CutMix instead of mixup where both are on.</summary>
    [Range(0, 1.0)]
    public double SwitchProbability { get; init; } = 0.5;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Alpha == 0 && CutMixAlpha == 0)
            yield return new ValidationResult("must be above 0 where cutMixAlpha is 0", [nameof(Alpha)]);
    }
}
