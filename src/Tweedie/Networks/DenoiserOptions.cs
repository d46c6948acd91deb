using System.ComponentModel.DataAnnotations;

namespace Tweedie.Networks;

/// <summary>The size of the diffusion head. The defaults are the paper's 24 M head for ViT-B.</summary>
public sealed record DenoiserOptions : IValidatableObject
{
    /// <summary>d, the width of a token.</summary>
    [Range(1, 16384)]
    public int Width { get; init; } = 768;

    /// <summary>The number of diffusion blocks.</summary>
    [Range(1, 256)]
    public int Depth { get; init; } = 3;

    /// <summary>Attention heads; divides the width.</summary>
    [Range(1, 256)]
    public int Heads { get; init; } = 12;

    /// <summary>Hidden width of the MLP over the token width.</summary>
    [Range(0.25, 16.0)]
    public double MlpRatio { get; init; } = 4;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Width % Heads != 0)
            yield return new ValidationResult($"must divide width ({Width})", [nameof(Heads)]);
    }
}
