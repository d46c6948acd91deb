namespace Tweedie.Training;

/// <summary>What a run trains.</summary>
public enum TaskKind
{
    /// <summary>Image classification.</summary>
    Classification,
    /// <summary>Image captioning.</summary>
    Caption,
    /// <summary>A CLIP: images and texts in one space.</summary>
    Clip,
}
