namespace Tweedie.Images;

/// <summary>
/// Makes one sample of a batch: reads, transforms, normalizes and erases an image, and writes its targets. A pure function of
/// (seed, epoch, index); called from several threads at once.
/// </summary>
internal sealed class SampleReader
{
    private readonly IImageSource _source;
    private readonly Compose _transform;
    private readonly Normalization _normalization;
    private readonly ImageLoaderOptions _options;
    private readonly TargetRow? _targets;
    private readonly Lazy<(ImageShape Shape, int Index)> _first;

    public SampleReader(
        IImageSource source, IImageTransform transform, Normalization normalization, ImageLoaderOptions options, TargetRow? targets)
    {
        (_source, _normalization, _options, _targets) = (source, normalization, options, targets);
        _transform = transform as Compose ?? new Compose(transform);
        _first = new Lazy<(ImageShape, int)>(ReadFirst);
        Tokens = targets?.Invoke(epoch: 0, index: 0).Length;
    }

    /// <summary>The shape of every image: that of the first one that can be read.</summary>
    public ImageShape Shape => _first.Value.Shape;

    /// <summary>Tokens of a row; null where targets are labels.</summary>
    public int? Tokens { get; }

    /// <summary>
    /// Fills a place of a batch with the image whose index it has. Where that image cannot be read, another one takes the place and its
    /// index, if the batch is to stay full.
    /// </summary>
    public void Fill(PendingBatch batch, int place, int epoch)
    {
        var index = batch.Indices[place];
        var random = Random(epoch, index);
        using var memory = new PixelMemory();
        var request = new PartRequest(_transform.FirstCrop, random, memory);
        var part = TryRead(index, request, out batch.BadImages[place]);
        if (part is null && !_options.DropLast)
            return;
        if (part is null)
            (part, batch.Indices[place]) = ReadAnother(batch.BadImages[place]!, request, epoch);
        Write(batch, place, epoch, _transform.ApplyToPart(part, random), random);
    }

    private void Write(PendingBatch batch, int place, int epoch, RasterImage image, SampleRandom random)
    {
        var index = batch.Indices[place];
        if (image.Shape != Shape)
            throw new TweedieException(
                $"{_source.Describe(index)} is {image.Shape}, but {_source.Describe(_first.Value.Index)} is {Shape}: " +
                "images of a data set need one size, resize them.");
        var values = batch.Image(place);
        _normalization.Apply(image, values);
        _options.Erasing?.Apply(values, Shape, random);
        WriteTargets(batch.Targets(place), epoch, index);
    }

    private void WriteTargets(Span<long> row, int epoch, int index)
    {
        if (_targets is null)
        {
            row[0] = _source.GetLabel(index);
            return;
        }

        var tokens = _targets(epoch, index);
        if (tokens.Length != row.Length)
            throw new InvalidOperationException($"{_source.Describe(index)} has {tokens.Length} tokens, but {_source.Describe(0)} has {row.Length}.");
        tokens.CopyTo(row);
    }

    // An image without the label that it is read for is as bad as one that cannot be read.
    private RasterImage? TryRead(int index, PartRequest request, out BadImage? bad)
    {
        bad = null;
        try
        {
            if (_targets is null)
                _ = _source.GetLabel(index);
            return _source.ReadPart(index, request);
        }
        catch (TweedieException error) when (_options.MaxBadShare > 0)
        {
            bad = new BadImage(index, error.Message);
            return null;
        }
    }

    /// <summary>Draws images until one can be read: first of the same block, which is at hand, then of all.</summary>
    private (RasterImage Image, int Index) ReadAnother(BadImage bad, PartRequest request, int epoch)
    {
        var random = new SampleRandom(Seeds.Derive(_options.Seed, SeedPurpose.Replace, epoch, bad.Index));
        var (start, count) = EpochOrder.BlockOf(_source, bad.Index);
        for (var attempt = 0; attempt < BadImageBudget.TooManyInARow; attempt++)
        {
            var nearby = count > 1 && attempt < BadImageBudget.TooManyInARow / 2;
            var index = nearby ? start + random.NextInt(count) : random.NextInt(_source.Count);
            if (TryRead(index, request, out _) is { } image)
                return (image, index);
        }

        throw new TweedieException($"'{_source.Name}': none of {BadImageBudget.TooManyInARow} other images can be read in place of this one: {bad.Reason}");
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
