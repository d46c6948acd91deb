using System.ComponentModel.DataAnnotations;
using Tweedie.Networks;

namespace Tweedie.Models;

/// <summary>An image encoder and what feeds it: what the config of every model folder with an encoder says of it.</summary>
public sealed record ImageEncoderOptions : IValidatableObject
{
    /// <summary>What a folder of an encoder alone holds.</summary>
    [AllowedValues(ModelKind.Encoder)]
    public ModelKind Kind { get; init; } = ModelKind.Encoder;

    /// <summary>The encoder's size.</summary>
    public required VisionTransformerOptions Encoder { get; init; }

    /// <summary>Mean of each channel of the input in 0..1.</summary>
    public required IReadOnlyList<double> Mean { get; init; }

    /// <summary>Standard deviation of each channel of the input in 0..1.</summary>
    public required IReadOnlyList<double> Std { get; init; }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Mean.Count != Encoder.Channels)
            yield return new ValidationResult($"must have one number for each of encoder.channels = {Encoder.Channels}", [nameof(Mean)]);
        if (Std.Count != Encoder.Channels || Std.Any(value => value <= 0))
            yield return new ValidationResult($"must have one positive number for each of encoder.channels = {Encoder.Channels}", [nameof(Std)]);
    }
}
