using System.ComponentModel.DataAnnotations;

namespace Tweedie.Networks;

/// <summary>The size of a vision Transformer. The defaults are ViT-B/16.</summary>
public sealed record VisionTransformerOptions : IValidatableObject
{
    /// <summary>Height and width of the image, pixels.</summary>
    [Range(1, 8192)]
    public int ImageSize { get; init; } = 224;

    /// <summary>Colour channels: 1 or 3.</summary>
    [Range(1, 3)]
    public int Channels { get; init; } = 3;

    /// <summary>Side of a square patch, pixels; divides the image size.</summary>
    [Range(1, 1024)]
    public int PatchSize { get; init; } = 16;

    /// <summary>d, the width of a token.</summary>
    [Range(1, 16384)]
    public int Width { get; init; } = 768;

    /// <summary>M, the number of Transformer layers.</summary>
    [Range(1, 256)]
    public int Depth { get; init; } = 12;

    /// <summary>Attention heads; divides the width.</summary>
    [Range(1, 256)]
    public int Heads { get; init; } = 12;

    /// <summary>Hidden width of the MLP over the token width.</summary>
    [Range(0.25, 16.0)]
    public double MlpRatio { get; init; } = 4;

    /// <summary>Number of learnable class tokens.</summary>
    [Range(1, 64)]
    public int ClassTokens { get; init; } = 1;

    /// <summary>How tokens become the condition.</summary>
    public Pooling Pooling { get; init; } = Pooling.ClassToken;

    /// <summary>Stochastic depth at the last layer, rising linearly from 0 at the first.</summary>
    [Range(0.0, 0.9)]
    public double DropPath { get; init; }

    /// <summary>Number of patches of an image.</summary>
    internal int Patches => ImageSize / PatchSize * (ImageSize / PatchSize);

    /// <summary>Number of condition tokens that the encoder gives.</summary>
    internal int ConditionTokens => Pooling == Pooling.ClassToken ? ClassTokens : 1;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (ImageSize % PatchSize != 0)
            yield return new ValidationResult($"must divide imageSize ({ImageSize})", [nameof(PatchSize)]);
        if (Channels == 2)
            yield return new ValidationResult("must be 1 or 3", [nameof(Channels)]);
        if (Width % Heads != 0)
            yield return new ValidationResult($"must divide width ({Width})", [nameof(Heads)]);
    }
}
