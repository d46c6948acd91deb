namespace Tweedie.Images;

/// <summary>Where a shape lies in a scene: one of its four quarters, in reading order.</summary>
public enum ScenePlace
{
    /// <summary>The upper left quarter.</summary>
    TopLeft,
    /// <summary>The upper right quarter.</summary>
    TopRight,
    /// <summary>The lower left quarter.</summary>
    BottomLeft,
    /// <summary>The lower right quarter.</summary>
    BottomRight,
}
