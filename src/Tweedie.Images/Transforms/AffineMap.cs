namespace Tweedie.Images;

/// <summary>
/// Where each pixel of a result comes from: (x, y) shows the source at (A·x + B·y + C, D·x + E·y + F), with pixel centres at halves.
/// </summary>
internal readonly record struct AffineMap(double A, double B, double C, double D, double E, double F)
{
    public static AffineMap Identity { get; } = new(1, 0, 0, 0, 1, 0);

    /// <summary>Moves each row to the left in proportion to its y.</summary>
    public static AffineMap ShearX(double factor) => Identity with { B = factor };

    /// <summary>Moves each column up in proportion to its x.</summary>
    public static AffineMap ShearY(double factor) => Identity with { D = factor };

    /// <summary>Moves the content to the left and up, in pixels.</summary>
    public static AffineMap Translate(double x, double y) => Identity with { C = x, F = y };

    /// <summary>Turns the content counter-clockwise about the image's centre.</summary>
    public static AffineMap Rotate(double degrees, int width, int height)
    {
        var positive = degrees % 360 is var rest && rest < 0 ? rest + 360 : rest;
        if (positive == 0)
            return Identity;
        var radians = -(positive * (Math.PI / 180));
        // Pillow rounds to 15 digits, so that quarter turns hit pixels exactly.
        var (cos, sin) = (Math.Round(Math.Cos(radians), 15), Math.Round(Math.Sin(radians), 15));
        var (centreX, centreY) = (width / 2.0, height / 2.0);
        return new AffineMap(
            cos, sin, cos * -centreX + sin * -centreY + centreX,
            -sin, cos, -sin * -centreX + cos * -centreY + centreY);
    }
}
