using System.Numerics;

namespace Tweedie.Images;

/// <summary>
/// A kind of shape, given by the signed distance of a point to its outline: negative inside. It is drawn about the origin within the unit circle,
/// y downwards. The areas are similar, so that the size does not tell the class.
/// </summary>
internal sealed record Shape(string Name, Func<Vector2, float> Distance)
{
    public static IReadOnlyList<Shape> All { get; } =
    [
        new("circle", point => point.Length() - 0.75f),
        new("ring", point => Math.Abs(point.Length() - 0.68f) - 0.22f),
        new("half", point => Math.Max((point + new Vector2(0, 0.4f)).Length() - 0.95f, -point.Y - 0.4f)),
        new("crescent", point => Math.Max(
            (point + new Vector2(0.1f, 0)).Length() - 0.9f,
            0.75f - (point - new Vector2(0.38f, 0)).Length())),
        new("square", point => Math.Max(Math.Abs(point.X), Math.Abs(point.Y)) - 0.65f),
        new("triangle", Polygon.Regular(3, 1).Distance),
        new("star", Polygon.Star(5, 1, 0.42f).Distance),
        new("cross", Polygon.Cross(0.9f, 0.27f).Distance),
        new("heart", Polygon.Heart(40).Distance),
        new("arrow", Polygon.Arrow.Distance),
    ];
}
