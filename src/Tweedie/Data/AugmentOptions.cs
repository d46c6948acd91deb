using System.ComponentModel.DataAnnotations;

namespace Tweedie.Data;

/// <summary>The <c>data.augment</c> section of a configuration: random changes to training images.</summary>
public sealed record AugmentOptions
{
    /// <summary>Pixels of padding on each side before a random crop back to the size (<see cref="Data.PadCrop"/>); 0 is none.</summary>
    [Range(0, 1024)]
    public int PadCrop { get; init; }

    /// <summary>Mirror half of the images left to right (<see cref="HorizontalFlip"/>).</summary>
    public bool Flip { get; init; }
}
