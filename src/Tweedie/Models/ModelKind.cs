namespace Tweedie.Models;

/// <summary>What a model folder holds.</summary>
public enum ModelKind
{
    /// <summary>An <see cref="ImageClassifier"/>.</summary>
    Classifier,
    /// <summary>An <see cref="ImageCaptioner"/>.</summary>
    Captioner,
}
