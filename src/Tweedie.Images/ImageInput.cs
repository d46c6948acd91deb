namespace Tweedie.Images;

/// <summary>Images as samples: read, transformed, normalized and erased.</summary>
internal sealed class ImageInput : ISampleInput
{
    private readonly IImageSource _source;
    private readonly Compose _transform;
    private readonly Normalization _normalization;
    private readonly ImageLoaderOptions _options;
    private readonly Lazy<(ImageShape Shape, int Index)> _first;

    public ImageInput(IImageSource source, IImageTransform transform, Normalization normalization, ImageLoaderOptions options)
    {
        (_source, _normalization, _options) = (source, normalization, options);
        _transform = transform as Compose ?? new Compose(transform);
        _first = new Lazy<(ImageShape, int)>(ReadFirst);
    }

    /// <inheritdoc/>
    public ImageShape Shape => _first.Value.Shape;

    /// <inheritdoc/>
    public BadImage? Fill(int epoch, int index, Span<float> values)
    {
        var random = Random(epoch, index);
        using var memory = new PixelMemory();
        if (TryRead(index, new PartRequest(_transform.FirstCrop, random, memory), out var bad) is not { } part)
            return bad;
        var image = _transform.ApplyToPart(part, random);
        if (image.Shape != Shape)
            throw new TweedieException(
                $"{_source.Describe(index)} is {image.Shape}, but {_source.Describe(_first.Value.Index)} is {Shape}: " +
                "images of a data set need one size, resize them.");
        _normalization.Apply(image, values);
        _options.Erasing?.Apply(values, Shape, random);
        return null;
    }

    private RasterImage? TryRead(int index, PartRequest request, out BadImage? bad)
    {
        bad = null;
        try
        {
            return _source.ReadPart(index, request);
        }
        catch (TweedieException error) when (_options.MaxBadShare > 0)
        {
            bad = new BadImage(index, error.Message);
            return null;
        }
    }

    private (ImageShape Shape, int Index) ReadFirst()
    {
        var tried = Enumerable.Range(0, Math.Min(_source.Count, BadImageBudget.TooManyInARow));
        BadImage? bad = null;
        var (part, index) = tried.Select(index => (Part: TryRead(index, Whole(index), out bad), index)).FirstOrDefault(pair => pair.Part is not null);
        if (part is null)
            throw new TweedieException(bad!.Reason);
        var shape = _transform.ApplyToPart(part, Random(epoch: 0, index)).Shape;
        return shape.Channels == _normalization.Channels ? (shape, index) : throw new TweedieException(
            $"'{_source.Name}' has images with {shape.Channels} channel(s), but the model's input has {_normalization.Channels}; "
            + "set model.encoder.channels or choose other data.");
    }

    private PartRequest Whole(int index) => new(crop: null, Random(epoch: 0, index), memory: null);

    private SampleRandom Random(int epoch, int index) => new(Seeds.Derive(_options.Seed, SeedPurpose.Augment, epoch, index));
}
