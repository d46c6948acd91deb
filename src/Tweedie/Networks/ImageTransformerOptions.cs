using System.ComponentModel.DataAnnotations;

namespace Tweedie.Networks;

/// <summary>The size of a Transformer whose tokens are the patches of an image.</summary>
public abstract record ImageTransformerOptions : TransformerOptions
{
    /// <summary>Height and width of the image, pixels.</summary>
    [Range(1, 8192)]
    public int ImageSize { get; init; } = 224;

    /// <summary>Side of a square patch, pixels; divides the image size.</summary>
    [Range(1, 1024)]
    public int PatchSize { get; init; } = 16;

    /// <summary>Number of patches of an image.</summary>
    internal int Patches => ImageSize / PatchSize * (ImageSize / PatchSize);

    /// <inheritdoc/>
    public override IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (ImageSize % PatchSize != 0)
            yield return new ValidationResult($"must divide imageSize ({ImageSize})", [nameof(PatchSize)]);
        foreach (var problem in base.Validate(validationContext))
            yield return problem;
    }
}
