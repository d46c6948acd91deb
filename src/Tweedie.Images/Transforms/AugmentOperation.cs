namespace Tweedie.Images;

/// <summary>One of the changes that <see cref="RandAugment"/> draws from.</summary>
/// <param name="Name">Its name in timm.</param>
/// <param name="HasDirection">Whether half of the applications go the other way.</param>
/// <param name="Argument">Computes the argument of <paramref name="Pixels"/> from the magnitude (10 is strong) and the direction, 1 or -1.</param>
/// <param name="Pixels">The change of an image by the argument.</param>
internal sealed record AugmentOperation(
    string Name, bool HasDirection, Func<double, int, double> Argument, Func<RasterImage, double, RasterImage> Pixels)
{
    public RasterImage Apply(RasterImage image, double magnitude, SampleRandom random)
    {
        var direction = HasDirection && random.NextBool(0.5) ? -1 : 1;
        return Pixels(image, Argument(magnitude, direction));
    }
}
