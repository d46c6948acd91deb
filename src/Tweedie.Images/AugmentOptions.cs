using System.ComponentModel.DataAnnotations;

namespace Tweedie.Images;

/// <summary>The <c>data.augment</c> section of a configuration: random changes to training images.</summary>
public sealed record AugmentOptions : IValidatableObject
{
    /// <summary>
    /// Cut out a part of random size, shape and place instead of the centre (<see cref="Images.RandomResizedCrop"/>); <c>{}</c> takes the
    /// usual part. By default none.
    /// </summary>
    public RandomResizedCropOptions? RandomResizedCrop { get; init; }

    /// <summary>Pixels of padding on each side before a random crop back to the size (<see cref="Images.PadCrop"/>); 0 is none.</summary>
    [Range(0, 1024)]
    public int PadCrop { get; init; }

    /// <summary>Mirror half of the images left to right (<see cref="HorizontalFlip"/>).</summary>
    public bool Flip { get; init; }

    /// <summary>RandAugment as timm writes it, as in <c>rand-m9-mstd0.5-inc1</c> (<see cref="RandAugmentPolicy"/>).</summary>
    public string? RandAugment { get; init; }

    /// <summary>Erase blocks of some normalized images (<see cref="RandomErasing"/>); by default none.</summary>
    public ErasingOptions? Erasing { get; init; }

    /// <summary>Mix the images of a batch (<see cref="MixupOptions"/>), for methods that learn from soft targets; by default none.</summary>
    public MixupOptions? Mixup { get; init; }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (RandAugment is not null && !RandAugmentPolicy.TryParse(RandAugment, out _, out var problem))
            yield return new ValidationResult(problem, [nameof(RandAugment)]);
    }
}
