namespace Tweedie.Images;

/// <summary>One shape of a scene.</summary>
/// <param name="Place">Its quarter of the image.</param>
/// <param name="Size">Its size.</param>
/// <param name="Color">Its colour's word.</param>
/// <param name="Shape">Its shape's word.</param>
public sealed record SceneObject(ScenePlace Place, SceneSize Size, string Color, string Shape);
