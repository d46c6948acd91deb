using System.ComponentModel.DataAnnotations;

namespace Tweedie.Networks;

/// <summary>The size of a stack of Transformer blocks.</summary>
public abstract record TransformerOptions : IValidatableObject
{
    /// <summary>d, the width of a token.</summary>
    [Range(1, 16384)]
    public int Width { get; init; } = 768;

    /// <summary>The number of blocks.</summary>
    [Range(1, 256)]
    public int Depth { get; init; } = 12;

    /// <summary>Attention heads; divides the width.</summary>
    [Range(1, 256)]
    public int Heads { get; init; } = 12;

    /// <summary>Hidden width of the MLP over the token width.</summary>
    [Range(0.25, 16.0)]
    public double MlpRatio { get; init; } = 4;

    /// <inheritdoc/>
    public virtual IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Width % Heads != 0)
            yield return new ValidationResult($"must divide width ({Width})", [nameof(Heads)]);
    }
}
