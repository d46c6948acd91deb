using System.ComponentModel.DataAnnotations;
using Tweedie.Data;
using Tweedie.Networks;

namespace Tweedie.Models;

/// <summary>All that is needed to build a CLIP and to feed it: the content of its folder's <c>config.json</c>.</summary>
public sealed record ClipModelOptions : IValidatableObject
{
    /// <summary>What the folder holds.</summary>
    [AllowedValues(ModelKind.Clip)]
    public ModelKind Kind { get; init; } = ModelKind.Clip;

    /// <summary>The towers.</summary>
    public ClipOptions Network { get; init; } = new();

    /// <summary>Mean of red, green and blue in 0..1; OpenAI's by default.</summary>
    public IReadOnlyList<double> Mean { get; init; } = [0.48145466, 0.4578275, 0.40821073];

    /// <summary>Standard deviation of red, green and blue in 0..1; OpenAI's by default.</summary>
    public IReadOnlyList<double> Std { get; init; } = [0.26862954, 0.26130258, 0.27577711];

    /// <summary>The normalisation of the image tower's input.</summary>
    public Normalization Normalization() => new([.. Mean.Select(value => (float)value)], [.. Std.Select(value => (float)value)]);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Mean.Count != 3)
            yield return new ValidationResult("must have 3 numbers", [nameof(Mean)]);
        if (Std.Count != 3 || Std.Any(value => value <= 0))
            yield return new ValidationResult("must have 3 positive numbers", [nameof(Std)]);
    }
}
