namespace Tweedie.Images;

/// <summary>
/// Pads every side and crops back to the size at a uniformly random place: a random shift by up to <paramref name="padding"/> pixels,
/// the usual augmentation of CIFAR (He et al. 2016, section 4.2).
/// </summary>
/// <param name="padding">Pixels of padding on each side; 0 is the identity.</param>
/// <param name="mode">What the padding holds.</param>
public sealed class PadCrop(int padding, PadMode mode = PadMode.Zero) : IImageTransform
{
    private readonly int _padding = padding >= 0 ? padding
        : throw new ArgumentOutOfRangeException(nameof(padding), padding, "Padding is not negative.");

    /// <inheritdoc/>
    /// <exception cref="TweedieException">The padding would reflect as many pixels as the image has, or more.</exception>
    public RasterImage Apply(RasterImage image, SampleRandom random)
    {
        if (mode == PadMode.Reflect && _padding >= Math.Min(image.Width, image.Height))
            throw new TweedieException($"padCrop is {_padding}, too much to reflect an image of {image.Width}x{image.Height} pixels.");
        var shiftX = random.NextInt(2 * _padding + 1) - _padding;
        var shiftY = random.NextInt(2 * _padding + 1) - _padding;
        return (shiftX, shiftY) == (0, 0) ? image : Shift(image, shiftX, shiftY);
    }

    private RasterImage Shift(RasterImage image, int shiftX, int shiftY)
    {
        var (width, height, channels) = (image.Width, image.Height, image.Channels);
        var shifted = image.New(width, height);
        shifted.Canvas.Clear();
        for (var y = 0; y < height; y++)
        {
            if (Source(y + shiftY, height) is not (>= 0 and var sourceY))
                continue;
            var source = image.Row(sourceY);
            var target = shifted.Canvas.Slice(y * width * channels, width * channels);
            for (var x = 0; x < width; x++)
            {
                if (Source(x + shiftX, width) is >= 0 and var sourceX)
                    source.Slice(sourceX * channels, channels).CopyTo(target[(x * channels)..]);
            }
        }

        return shifted;
    }

    /// <summary>The coordinate of the source that a padded coordinate shows, or -1 for black.</summary>
    private int Source(int position, int size) => position switch
    {
        _ when position >= 0 && position < size => position,
        _ when mode == PadMode.Zero => -1,
        < 0 => -position,
        _ => 2 * (size - 1) - position,
    };
}
