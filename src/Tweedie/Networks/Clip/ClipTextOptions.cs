using System.ComponentModel.DataAnnotations;

namespace Tweedie.Networks;

/// <summary>The size of CLIP's text tower. The defaults are OpenAI's ViT-B/32.</summary>
public sealed record ClipTextOptions : TransformerOptions
{
    /// <summary>Twelve blocks of width 512 with 8 heads.</summary>
    public ClipTextOptions() => (Width, Heads) = (512, 8);

    /// <summary>Number of entries in the vocabulary.</summary>
    [Range(1, 10_000_000)]
    public int VocabularySize { get; init; } = 49408;

    /// <summary>The id of the end token. The text's features are read at its first place in a row.</summary>
    [Range(0, 10_000_000)]
    public int EndToken { get; init; } = 49407;

    /// <summary>Tokens per row, start and end token included.</summary>
    [Range(2, 16384)]
    public int Length { get; init; } = 77;

    /// <inheritdoc/>
    public override IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (EndToken >= VocabularySize)
            yield return new ValidationResult($"must be below vocabularySize ({VocabularySize})", [nameof(EndToken)]);
        foreach (var problem in base.Validate(validationContext))
            yield return problem;
    }
}
