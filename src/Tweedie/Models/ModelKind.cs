namespace Tweedie.Models;

/// <summary>What a model folder holds.</summary>
public enum ModelKind
{
    /// <summary>An <see cref="ImageClassifier"/>.</summary>
    Classifier,
    /// <summary>An <see cref="ImageCaptioner"/>.</summary>
    Captioner,
    /// <summary>An <see cref="ImageEncoder"/>.</summary>
    Encoder,
    /// <summary>A <see cref="ClipModel"/>.</summary>
    Clip,
}
