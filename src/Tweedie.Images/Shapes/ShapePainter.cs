using System.Numerics;

namespace Tweedie.Images;

/// <summary>Paints one shape onto a random background: gradient, clutter behind, the shape, a scratch across, noise.</summary>
internal static class ShapePainter
{
    /// <summary>Shape and background differ by at least this much in RGB (0..255), so that the shape can be told from its ground.</summary>
    private const float MinimumContrast = 80;

    private const double MaximumTilt = Math.PI / 8;

    /// <summary>Paints an image of shape (size, size, 3).</summary>
    public static RasterImage Paint(Shape shape, int size, SampleRandom random)
    {
        var canvas = new Vector3[size * size];
        var ground = 0.6f * Colour(random);
        PaintGradient(canvas, size, ground, random);
        for (var blot = random.NextInt(4); blot > 0; blot--)
            PaintBlot(canvas, size, random);
        PaintShape(canvas, size, shape, ContrastingColour(ground, random), random);
        if (random.NextBool(0.5))
            PaintScratch(canvas, size, random);
        return ToImage(canvas, size, noise: (float)random.NextDouble(4, 18), random);
    }

    internal static void PaintGradient(Vector3[] canvas, int size, Vector3 colour, SampleRandom random)
    {
        var slope = Direction(random) / size;
        var change = Variation(40, random);
        for (var i = 0; i < canvas.Length; i++)
            canvas[i] = colour + Vector2.Dot(PixelCentre(i, size) - new Vector2(size / 2f), slope) * change;
    }

    private static void PaintShape(Vector3[] canvas, int size, Shape shape, Vector3 colour, SampleRandom random)
    {
        var radius = (float)random.NextDouble(0.36, 0.46) * size;
        var room = 0.5f * size - 0.9f * radius; // a corner may leave the image by a little
        var centre = new Vector2(size / 2f) + room * new Vector2((float)random.NextDouble(-1, 1), (float)random.NextDouble(-1, 1));
        Draw(canvas, size, shape, colour, centre, radius, angle: random.NextDouble(-MaximumTilt, MaximumTilt));
    }

    /// <summary>Draws a shape of a radius in pixels about a centre, turned by an angle.</summary>
    internal static void Draw(Vector3[] canvas, int size, Shape shape, Vector3 colour, Vector2 centre, float radius, double angle)
    {
        var axis = new Vector2((float)Math.Cos(angle), (float)Math.Sin(angle));
        var (rowX, rowY) = (axis / radius, new Vector2(-axis.Y, axis.X) / radius);
        Blend(canvas, size, colour, Distance, centre, 1.2f * radius);

        float Distance(Vector2 point) => radius * shape.Distance(new(Vector2.Dot(point - centre, rowX), Vector2.Dot(point - centre, rowY)));
    }

    /// <summary>A small disc, too small to be taken for a shape.</summary>
    private static void PaintBlot(Vector3[] canvas, int size, SampleRandom random)
    {
        var radius = (float)random.NextDouble(0.03, 0.1) * size;
        var centre = Place(size, random);
        Blend(canvas, size, Colour(random), point => Vector2.Distance(point, centre) - radius, centre, radius + 1);
    }

    /// <summary>A thin straight line, which may cross the shape.</summary>
    private static void PaintScratch(Vector3[] canvas, int size, SampleRandom random)
    {
        var (start, direction) = (Place(size, random), Direction(random));
        var (half, length) = (0.012f * size + 0.2f, (float)random.NextDouble(0.3, 1) * size);
        Blend(canvas, size, Colour(random), point =>
        {
            var along = Math.Clamp(Vector2.Dot(point - start, direction), 0, length);
            return Vector2.Distance(point, start + along * direction) - half;
        }, start, length + 1);
    }

    /// <summary>
    /// Lays a colour over the pixels. A pixel is covered the more, the farther its centre lies within the outline (antialiased over one pixel).
    /// </summary>
    private static void Blend(Vector3[] canvas, int size, Vector3 colour, Func<Vector2, float> distance, Vector2 centre, float reach)
    {
        for (var i = 0; i < canvas.Length; i++)
        {
            var point = PixelCentre(i, size);
            if (Vector2.DistanceSquared(point, centre) <= reach * reach)
                canvas[i] = Vector3.Lerp(canvas[i], colour, Math.Clamp(0.5f - distance(point), 0, 1));
        }
    }

    internal static RasterImage ToImage(Vector3[] canvas, int size, float noise, SampleRandom random)
    {
        var pixels = new byte[3 * canvas.Length];
        for (var i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)Math.Clamp(MathF.Round(canvas[i / 3][i % 3] + noise * (float)random.NextNormal()), 0, 255);
        return new RasterImage(size, size, 3, pixels);
    }

    private static Vector3 ContrastingColour(Vector3 ground, SampleRandom random)
    {
        var colour = Colour(random);
        while (Luma(colour) - Luma(ground) < MinimumContrast)
            colour = Colour(random);
        return colour;
    }

    private static float Luma(Vector3 colour) => Vector3.Dot(colour, new(0.299f, 0.587f, 0.114f));

    private static Vector3 Colour(SampleRandom random) => new Vector3(127.5f) + Variation(127.5, random);

    internal static Vector3 Variation(double range, SampleRandom random) =>
        new((float)random.NextDouble(-range, range), (float)random.NextDouble(-range, range), (float)random.NextDouble(-range, range));

    private static Vector2 Place(int size, SampleRandom random) =>
        size * new Vector2((float)random.NextDouble(), (float)random.NextDouble());

    private static Vector2 Direction(SampleRandom random)
    {
        var angle = random.NextDouble(0, Math.Tau);
        return new((float)Math.Cos(angle), (float)Math.Sin(angle));
    }

    private static Vector2 PixelCentre(int index, int size) => new(index % size + 0.5f, index / size + 0.5f);
}
