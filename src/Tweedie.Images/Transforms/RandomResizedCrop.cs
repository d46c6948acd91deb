namespace Tweedie.Images;

/// <summary>
/// Cuts out a part of random area, shape and place and resizes it to a square, bicubic and antialiased (Szegedy et al. 2015, section 6).
/// Draws and rounding are those of torchvision's <c>RandomResizedCrop</c> on Pillow images.
/// </summary>
public sealed class RandomResizedCrop : IImageTransform
{
    private const int Attempts = 10;

    private readonly RandomResizedCropOptions _options;

    /// <summary>Creates the transform.</summary>
    /// <param name="size">Height and width of the result in pixels.</param>
    /// <param name="options">Area and shape of the part; by default 8 % to all of the area, 3:4 to 4:3.</param>
    /// <exception cref="ArgumentOutOfRangeException">The size is not positive.</exception>
    public RandomResizedCrop(int size, RandomResizedCropOptions? options = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        (Size, _options) = (size, options ?? new RandomResizedCropOptions());
    }

    /// <summary>Height and width of the result in pixels.</summary>
    internal int Size { get; }

    /// <inheritdoc/>
    public RasterImage Apply(RasterImage image, SampleRandom random) => Resize(image.Crop(DrawBox(image.Width, image.Height, random)));

    /// <summary>The second half of the work, for a part that was cut out already.</summary>
    internal RasterImage Resize(RasterImage part) => AntialiasedResize.Apply(part, Size, Size);

    internal CropBox DrawBox(int width, int height, SampleRandom random)
    {
        var (minLog, maxLog) = (Math.Log(_options.MinRatio), Math.Log(_options.MaxRatio));
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var area = random.NextDouble(_options.MinArea, _options.MaxArea) * width * height;
            var ratio = Math.Exp(random.NextDouble(minLog, maxLog));
            var (w, h) = (Round(Math.Sqrt(area * ratio)), Round(Math.Sqrt(area / ratio)));
            if (w > 0 && w <= width && h > 0 && h <= height)
            {
                var top = random.NextInt(height - h + 1);
                return new CropBox(random.NextInt(width - w + 1), top, w, h);
            }
        }

        return Centre(width, height);
    }

    /// <summary>The largest part in the middle whose shape is allowed.</summary>
    private CropBox Centre(int width, int height)
    {
        var ratio = (double)width / height;
        var (w, h) = ratio < _options.MinRatio ? (width, Math.Max(1, Round(width / _options.MinRatio)))
            : ratio > _options.MaxRatio ? (Math.Max(1, Round(height * _options.MaxRatio)), height)
            : (width, height);
        return new CropBox((width - w) / 2, (height - h) / 2, w, h);
    }

    private static int Round(double value) => (int)Math.Round(value, MidpointRounding.ToEven);
}
