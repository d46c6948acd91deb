namespace Tweedie.Images;

/// <summary>The size of a shape in a scene.</summary>
public enum SceneSize
{
    /// <summary>A little more than half as wide as its quarter.</summary>
    Small,
    /// <summary>Nearly as wide as its quarter.</summary>
    Large,
}
