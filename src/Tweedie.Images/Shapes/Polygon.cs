using System.Numerics;

namespace Tweedie.Images;

/// <summary>A simple polygon with the signed distance to its outline.</summary>
internal sealed class Polygon(params IReadOnlyList<Vector2> corners)
{
    /// <summary>An arrow that points upwards.</summary>
    public static Polygon Arrow { get; } = new(
        new(0, -0.95f), new(0.75f, -0.1f), new(0.28f, -0.1f), new(0.28f, 0.9f),
        new(-0.28f, 0.9f), new(-0.28f, -0.1f), new(-0.75f, -0.1f));

    public static Polygon Regular(int sides, float radius) =>
        new([.. Enumerable.Range(0, sides).Select(i => OnCircle((float)i / sides, radius))]);

    /// <summary>A star whose corners lie on two circles in turn.</summary>
    public static Polygon Star(int points, float outer, float inner) =>
        new([.. Enumerable.Range(0, 2 * points).Select(i => OnCircle((float)i / (2 * points), i % 2 == 0 ? outer : inner))]);

    public static Polygon Cross(float reach, float half) => new(
        new(-half, -reach), new(half, -reach), new(half, -half), new(reach, -half), new(reach, half), new(half, half),
        new(half, reach), new(-half, reach), new(-half, half), new(-reach, half), new(-reach, -half), new(-half, -half));

    /// <summary>The heart curve (16 sin³t, 13 cos t - 5 cos 2t - 2 cos 3t - cos 4t), brought to the unit circle.</summary>
    public static Polygon Heart(int corners) => new([.. Enumerable.Range(0, corners).Select(i =>
    {
        var t = MathF.Tau * i / corners;
        var x = 16 * MathF.Pow(MathF.Sin(t), 3);
        var y = 13 * MathF.Cos(t) - 5 * MathF.Cos(2 * t) - 2 * MathF.Cos(3 * t) - MathF.Cos(4 * t);
        return new Vector2(x, -y - 2) / 17;
    })]);

    /// <summary>The distance to the nearest edge, negative inside (by counting the edges which a ray to the right crosses).</summary>
    public float Distance(Vector2 point)
    {
        var nearest = float.PositiveInfinity;
        var isInside = false;
        var from = corners[^1];
        foreach (var to in corners)
        {
            var edge = to - from;
            var along = Math.Clamp(Vector2.Dot(point - from, edge) / edge.LengthSquared(), 0, 1);
            nearest = Math.Min(nearest, (point - from - along * edge).LengthSquared());
            if (from.Y > point.Y != to.Y > point.Y && point.X < from.X + (point.Y - from.Y) / edge.Y * edge.X)
                isInside = !isInside;
            from = to;
        }

        return isInside ? -MathF.Sqrt(nearest) : MathF.Sqrt(nearest);
    }

    private static Vector2 OnCircle(float turn, float radius) =>
        new(radius * MathF.Sin(MathF.Tau * turn), -radius * MathF.Cos(MathF.Tau * turn));
}
