namespace Tweedie.Training;

/// <summary>What a run trains.</summary>
public enum TaskKind
{
    /// <summary>Image classification.</summary>
    Classification,
    /// <summary>Image captioning.</summary>
    Caption,
}
