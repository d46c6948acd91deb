namespace Tweedie.Images;

/// <summary>
/// Brings an image of any size to a square, as evaluation does: it is resized (antialiased), then the centre is cut out. Pixels and rounding are those of torchvision's <c>Resize</c> and <c>CenterCrop</c> on Pillow images. Images that already
/// fit do not change.
/// </summary>
public sealed class ResizeCrop : IImageTransform
{
    private readonly int _size;
    private readonly int _shorterSide;
    private readonly ImageFit _fit;
    private readonly Interpolation _interpolation;

    /// <summary>Creates the transform.</summary>
    /// <param name="size">Height and width of the result in pixels.</param>
    /// <param name="cropRatio">The share of the shorter side that is kept: 1 keeps all; ImageNet often has 224 / 256 = 0.875.</param>
    /// <param name="fit">Whether the image keeps its proportions.</param>
    /// <param name="interpolation">How a value between pixels is found.</param>
    /// <exception cref="ArgumentOutOfRangeException">The size is not positive, or the ratio not in (0, 1].</exception>
    public ResizeCrop(int size, double cropRatio = 1, ImageFit fit = ImageFit.ShorterSide, Interpolation interpolation = Interpolation.Bicubic)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        if (cropRatio is not (> 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(cropRatio), cropRatio, "The ratio lies above 0 and not above 1.");
        (_size, _fit, _interpolation) = (size, fit, interpolation);
        _shorterSide = (int)Math.Floor(size / cropRatio);
    }

    /// <inheritdoc/>
    public RasterImage Apply(RasterImage image, SampleRandom random)
    {
        if (_shorterSide == _size && image.Width == _size && image.Height == _size)
            return image;
        var (width, height) = _fit == ImageFit.Stretch ? (_shorterSide, _shorterSide)
            : image.Width <= image.Height
            ? (_shorterSide, (int)((long)_shorterSide * image.Height / image.Width))
            : ((int)((long)_shorterSide * image.Width / image.Height), _shorterSide);
        return AntialiasedResize.Apply(image, width, height, new CropBox(Margin(width), Margin(height), _size, _size), _interpolation);
    }

    // Halves round to even, as Python's round does.
    private int Margin(int length) => (int)Math.Round((length - _size) / 2.0, MidpointRounding.ToEven);
}
