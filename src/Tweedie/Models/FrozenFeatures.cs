using System.ComponentModel.DataAnnotations;

namespace Tweedie.Models;

/// <summary>The features that a model with a frozen encoder was trained on.</summary>
public sealed record FrozenFeatures
{
    /// <summary>M, the number of feature vectors of an image.</summary>
    [Range(1, 1 << 16)]
    public int Tokens { get; init; } = 1;

    /// <summary>d, the length of a feature vector.</summary>
    [Range(1, 1 << 16)]
    public int Width { get; init; } = 1;

    /// <summary>The fingerprint of the encoder (<see cref="Images.IFeatureExtractor.Fingerprint"/>): with another encoder the model gives nonsense.</summary>
    [Required]
    public string Fingerprint { get; init; } = "";
}
