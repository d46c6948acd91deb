namespace Tweedie.Images;

/// <summary>
/// The fifteen changes of RandAugment with the strengths of timm's <c>auto_augment</c> (Cubuk et al. 2020, with translations relative to
/// the size). "Increasing" means that a larger magnitude is always a stronger change.
/// </summary>
internal static class AugmentOperations
{
    private const double FullMagnitude = 10;

    public static IReadOnlyList<AugmentOperation> Create(bool increasing, AffineWarp warp) =>
    [
        Plain("AutoContrast", HistogramOperations.AutoContrast),
        Plain("Equalize", HistogramOperations.Equalize),
        Plain("Invert", PointOperations.Invert),
        Directed("Rotate", 30, (image, degrees) => warp.Apply(image, AffineMap.Rotate(degrees, image.Width, image.Height))),
        increasing
            ? Level("PosterizeIncreasing", share => 4 - (int)(share * 4), PointOperations.Posterize)
            : Level("Posterize", share => (int)(share * 4), PointOperations.Posterize),
        increasing
            ? Level("SolarizeIncreasing", share => 256 - Math.Min(256, (int)(share * 256)), PointOperations.Solarize)
            : Level("Solarize", share => Math.Min(256, (int)(share * 256)), PointOperations.Solarize),
        Level("SolarizeAdd", share => Math.Min(128, (int)(share * 110)), PointOperations.SolarizeAdd),
        Enhance("Color", increasing, BlendOperations.Color),
        Enhance("Contrast", increasing, PointOperations.Contrast),
        Enhance("Brightness", increasing, PointOperations.Brightness),
        Enhance("Sharpness", increasing, BlendOperations.Sharpness),
        Directed("ShearX", 0.3, (image, factor) => warp.Apply(image, AffineMap.ShearX(factor))),
        Directed("ShearY", 0.3, (image, factor) => warp.Apply(image, AffineMap.ShearY(factor))),
        Directed("TranslateXRel", 0.45, (image, share) => warp.Apply(image, AffineMap.Translate(share * image.Width, 0))),
        Directed("TranslateYRel", 0.45, (image, share) => warp.Apply(image, AffineMap.Translate(0, share * image.Height))),
    ];

    private static AugmentOperation Plain(string name, Func<RasterImage, RasterImage> pixels) =>
        new(name, HasDirection: false, (_, _) => 0, (image, _) => pixels(image));

    private static AugmentOperation Level(string name, Func<double, int> level, Func<RasterImage, int, RasterImage> pixels) =>
        new(name, HasDirection: false,
            (magnitude, _) => level(magnitude / FullMagnitude), (image, argument) => pixels(image, (int)argument));

    private static AugmentOperation Directed(string name, double maximum, Func<RasterImage, double, RasterImage> pixels) =>
        new(name, HasDirection: true, (magnitude, direction) => direction * (magnitude / FullMagnitude * maximum), pixels);

    private static AugmentOperation Enhance(string name, bool increasing, Func<RasterImage, float, RasterImage> pixels) => increasing
        ? new(name + "Increasing", HasDirection: true,
            (magnitude, direction) => Math.Max(0.1, 1 + direction * (magnitude / FullMagnitude * 0.9)),
            (image, factor) => pixels(image, (float)factor))
        : new(name, HasDirection: false,
            (magnitude, _) => magnitude / FullMagnitude * 1.8 + 0.1, (image, factor) => pixels(image, (float)factor));
}
