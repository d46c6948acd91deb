using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Tweedie.Images;
using Tweedie.Networks;

namespace Tweedie.Models;

/// <summary>Everything that building a CLIP and feeding it needs: the content of its folder's <c>config.json</c>.</summary>
public sealed record ClipModelOptions : ImageInputOptions, IValidatableObject
{
    /// <summary>Options with OpenAI's normalisation.</summary>
    public ClipModelOptions() => (Mean, Std) = (ImageProcessorConfig.Clip.Mean, ImageProcessorConfig.Clip.Std);

    /// <summary>The kind of model that the folder holds.</summary>
    [JsonPropertyOrder(-2), AllowedValues(ModelFolder.Clip)]
    public string Kind { get; init; } = ModelFolder.Clip;

    /// <summary>The towers.</summary>
    public ClipOptions Network { get; init; } = new();

    /// <inheritdoc/>
    public override ImageShape Input => new(3, Network.Image.ImageSize, Network.Image.ImageSize);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => CheckNormalization();
}
