using System.ComponentModel.DataAnnotations;

namespace Tweedie.Images;

/// <summary>How <see cref="RandomErasing"/> blanks blocks of an image.</summary>
public sealed record ErasingOptions : IValidatableObject
{
    /// <summary>Probability that an image is changed.</summary>
    [Range(0, 1.0)]
    public double Probability { get; init; } = 0.25;

    /// <summary>What the blocks hold.</summary>
    public ErasingMode Mode { get; init; } = ErasingMode.Pixel;

    /// <summary>The largest number of blocks; the number is drawn uniformly from 1 to this. The blocks share the area.</summary>
    [Range(1, 100)]
    public int Count { get; init; } = 1;

    /// <summary>Smallest share of the image's area.</summary>
    [Range(1e-6, 1)]
    public double MinArea { get; init; } = 0.02;

    /// <summary>Largest share of the image's area.</summary>
    [Range(1e-6, 1)]
    public double MaxArea { get; init; } = 1.0 / 3;

    /// <summary>Smallest height / width; the largest is its inverse.</summary>
    [Range(1e-3, 1)]
    public double MinAspect { get; init; } = 0.3;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (MinArea > MaxArea)
            yield return new ValidationResult($"must not exceed maxArea ({MaxArea})", [nameof(MinArea)]);
    }
}
