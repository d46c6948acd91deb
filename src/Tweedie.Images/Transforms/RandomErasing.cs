namespace Tweedie.Images;

/// <summary>
/// Blanks random blocks of a normalized image (Zhong et al. 2020). Draws and rounding follow timm: ten attempts per block, and a block is
/// narrower and lower than the image.
/// </summary>
/// <param name="options">How often, how large and what the blocks hold.</param>
public sealed class RandomErasing(ErasingOptions options)
{
    private const int Attempts = 10;

    private readonly ErasingOptions _options = options ?? throw new ArgumentNullException(nameof(options));

    /// <summary>Changes an image in place.</summary>
    /// <param name="image">The normalized values, shape (C, H, W).</param>
    /// <param name="shape">C, H and W.</param>
    /// <param name="random">The sample's own generator.</param>
    /// <exception cref="ArgumentException">The values do not fit the shape.</exception>
    public void Apply(Span<float> image, ImageShape shape, SampleRandom random)
    {
        ArgumentNullException.ThrowIfNull(random);
        if (image.Length != shape.Length)
            throw new ArgumentException($"{image.Length} values are not an image of {shape}.", nameof(image));
        if (!random.NextBool(_options.Probability))
            return;
        var count = 1 + random.NextInt(_options.Count);
        for (var block = 0; block < count; block++)
        {
            if (DrawBox(shape, count, random) is { } box)
                Fill(image, shape, box, random);
        }
    }

    private CropBox? DrawBox(ImageShape shape, int count, SampleRandom random)
    {
        var maxLog = -Math.Log(_options.MinAspect);
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var area = random.NextDouble(_options.MinArea, _options.MaxArea) * shape.Height * shape.Width / count;
            var aspect = Math.Exp(random.NextDouble(-maxLog, maxLog));
            var height = (int)Math.Round(Math.Sqrt(area * aspect), MidpointRounding.ToEven);
            var width = (int)Math.Round(Math.Sqrt(area / aspect), MidpointRounding.ToEven);
            if (width < shape.Width && height < shape.Height)
            {
                var top = random.NextInt(shape.Height - height + 1);
                return new CropBox(random.NextInt(shape.Width - width + 1), top, width, height);
            }
        }

        return null;
    }

    private void Fill(Span<float> image, ImageShape shape, CropBox box, SampleRandom random)
    {
        for (var channel = 0; channel < shape.Channels; channel++)
        {
            var colour = _options.Mode == ErasingMode.Random ? (float)random.NextNormal() : 0;
            for (var y = box.Top; y < box.Top + box.Height; y++)
            {
                var row = image.Slice((channel * shape.Height + y) * shape.Width + box.Left, box.Width);
                row.Fill(colour);
                if (_options.Mode != ErasingMode.Pixel)
                    continue;
                for (var x = 0; x < row.Length; x++)
                    row[x] = (float)random.NextNormal();
            }
        }
    }
}
