using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Tweedie.Images;
using Tweedie.Networks;

namespace Tweedie.Models;

/// <summary>An image encoder and its input, as the config of every model folder with an encoder describes them.</summary>
public sealed record ImageEncoderOptions : ImageInputOptions, IValidatableObject
{
    /// <summary>The kind of model in a folder that holds only an encoder.</summary>
    [JsonPropertyOrder(-2), AllowedValues(ModelFolder.Encoder)]
    public string Kind { get; init; } = ModelFolder.Encoder;

    /// <summary>The encoder's size.</summary>
    public required VisionTransformerOptions Encoder { get; init; }

    /// <inheritdoc/>
    public override ImageShape Input => new(Encoder.Channels, Encoder.ImageSize, Encoder.ImageSize);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => CheckNormalization();
}
