using System.Numerics;

namespace Tweedie.Images;

/// <summary>A colour of a shape in a scene: its word and its red, green and blue, 0..255.</summary>
internal sealed record SceneColor(string Name, Vector3 Rgb)
{
    public static IReadOnlyList<SceneColor> All { get; } =
    [
        new("red", new(225, 45, 45)),
        new("green", new(50, 185, 70)),
        new("blue", new(60, 95, 235)),
        new("yellow", new(240, 220, 60)),
        new("purple", new(165, 70, 205)),
        new("white", new(240, 240, 240)),
    ];
}
