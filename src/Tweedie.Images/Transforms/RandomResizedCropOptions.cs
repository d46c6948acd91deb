using System.ComponentModel.DataAnnotations;

namespace Tweedie.Images;

/// <summary>Which part of an image <see cref="RandomResizedCrop"/> cuts out.</summary>
public sealed record RandomResizedCropOptions : IValidatableObject
{
    /// <summary>Smallest share of the image's area.</summary>
    [Range(1e-6, 1)]
    public double MinArea { get; init; } = 0.08;

    /// <summary>Largest share of the image's area.</summary>
    [Range(1e-6, 1)]
    public double MaxArea { get; init; } = 1;

    /// <summary>Smallest width / height.</summary>
    [Range(1e-3, 1e3)]
    public double MinRatio { get; init; } = 3.0 / 4;

    /// <summary>Largest width / height.</summary>
    [Range(1e-3, 1e3)]
    public double MaxRatio { get; init; } = 4.0 / 3;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (MinArea > MaxArea)
            yield return new ValidationResult($"must not exceed maxArea ({MaxArea})", [nameof(MinArea)]);
        if (MinRatio > MaxRatio)
            yield return new ValidationResult($"must not exceed maxRatio ({MaxRatio})", [nameof(MinRatio)]);
    }
}
