using System.ComponentModel.DataAnnotations;

namespace Tweedie.Networks;

/// <summary>The size of CLIP's image tower. The defaults are OpenAI's ViT-B/32.</summary>
public sealed record ClipImageOptions : IValidatableObject
{
    /// <summary>Height and width of the image, pixels.</summary>
    [Range(1, 8192)]
    public int ImageSize { get; init; } = 224;

    /// <summary>Side of a square patch, pixels; divides the image size.</summary>
    [Range(1, 1024)]
    public int PatchSize { get; init; } = 32;

    /// <summary>The width of a token.</summary>
    [Range(1, 16384)]
    public int Width { get; init; } = 768;

    /// <summary>The number of Transformer layers.</summary>
    [Range(1, 256)]
    public int Depth { get; init; } = 12;

    /// <summary>Attention heads; divides the width.</summary>
    [Range(1, 256)]
    public int Heads { get; init; } = 12;

    /// <summary>Hidden width of the MLP over the token width.</summary>
    [Range(0.25, 16.0)]
    public double MlpRatio { get; init; } = 4;

    /// <summary>Number of patches of an image.</summary>
    internal int Patches => ImageSize / PatchSize * (ImageSize / PatchSize);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (ImageSize % PatchSize != 0)
            yield return new ValidationResult($"must divide imageSize ({ImageSize})", [nameof(PatchSize)]);
        if (Width % Heads != 0)
            yield return new ValidationResult($"must divide width ({Width})", [nameof(Heads)]);
    }
}
