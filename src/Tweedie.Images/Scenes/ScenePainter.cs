using System.Numerics;

namespace Tweedie.Images;

/// <summary>Paints a scene: its shapes on a dark gradient, with a little noise.</summary>
internal static class ScenePainter
{
    private const double MaximumTilt = Math.PI / 16;
    private const double MaximumShift = 0.06; // of a quarter's side
    private const double ColourVariation = 12;

    private static readonly Dictionary<string, Shape> Shapes = Shape.All.ToDictionary(shape => shape.Name);
    private static readonly Dictionary<string, SceneColor> Colors = SceneColor.All.ToDictionary(color => color.Name);

    /// <summary>Paints an image of shape (size, size, 3).</summary>
    public static RasterImage Paint(Scene scene, int size, SampleRandom random)
    {
        var canvas = new Vector3[size * size];
        ShapePainter.PaintGradient(canvas, size, new Vector3(25) + ShapePainter.Variation(15, random), random);
        foreach (var item in scene.Objects)
            Paint(canvas, size, item, random);
        return ShapePainter.ToImage(canvas, size, noise: (float)random.NextDouble(1, 4), random);
    }

    private static void Paint(Vector3[] canvas, int size, SceneObject item, SampleRandom random)
    {
        var quarter = size / 2f;
        var radius = quarter * (float)(item.Size == SceneSize.Small ? random.NextDouble(0.26, 0.30) : random.NextDouble(0.42, 0.46));
        var centre = quarter * new Vector2((int)item.Place % 2 + 0.5f + Shift(random), (int)item.Place / 2 + 0.5f + Shift(random));
        var colour = Colors[item.Color].Rgb + ShapePainter.Variation(ColourVariation, random);
        ShapePainter.Draw(canvas, size, Shapes[item.Shape], colour, centre, radius, random.NextDouble(-MaximumTilt, MaximumTilt));
    }

    private static float Shift(SampleRandom random) => (float)random.NextDouble(-MaximumShift, MaximumShift);
}
