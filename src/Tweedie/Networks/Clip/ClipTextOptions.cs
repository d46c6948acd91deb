using System.ComponentModel.DataAnnotations;

namespace Tweedie.Networks;

/// <summary>The size of CLIP's text tower. The defaults are OpenAI's ViT-B/32.</summary>
public sealed record ClipTextOptions : IValidatableObject
{
    /// <summary>Number of entries in the vocabulary.</summary>
    [Range(1, 10_000_000)]
    public int VocabularySize { get; init; } = 49408;

    /// <summary>The id whose first place in a row is where the text's features are read.</summary>
    [Range(0, 10_000_000)]
    public int EndToken { get; init; } = 49407;

    /// <summary>Tokens a row, start and end token included.</summary>
    [Range(2, 16384)]
    public int Length { get; init; } = 77;

    /// <summary>The width of a token.</summary>
    [Range(1, 16384)]
    public int Width { get; init; } = 512;

    /// <summary>The number of Transformer layers.</summary>
    [Range(1, 256)]
    public int Depth { get; init; } = 12;

    /// <summary>Attention heads; divides the width.</summary>
    [Range(1, 256)]
    public int Heads { get; init; } = 8;

    /// <summary>Hidden width of the MLP over the token width.</summary>
    [Range(0.25, 16.0)]
    public double MlpRatio { get; init; } = 4;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (EndToken >= VocabularySize)
            yield return new ValidationResult($"must be below vocabularySize ({VocabularySize})", [nameof(EndToken)]);
        if (Width % Heads != 0)
            yield return new ValidationResult($"must divide width ({Width})", [nameof(Heads)]);
    }
}
