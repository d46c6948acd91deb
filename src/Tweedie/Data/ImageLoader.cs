namespace Tweedie.Data;

/// <summary>
/// Turns a source into batches: order, transforms, normalization, and reading ahead in the background. A batch is a pure function of
/// (seed, epoch, batch number): neither the number of workers nor where an epoch is taken up again changes a pixel.
/// </summary>
/// <remarks>
/// Tensors are made in the thread that enumerates; workers only write into their memory. TorchSharp's dispose scopes and statistics
/// are per thread and so never meet a worker.
/// </remarks>
public sealed class ImageLoader
{
    private readonly IImageSource _source;
    private readonly IImageTransform _transform;
    private readonly Normalization _normalization;
    private readonly ImageLoaderOptions _options;
    private readonly TargetRow? _targets;
    private readonly Lazy<ImageShape> _shape;
    private readonly int _targetLength;

    /// <summary>Creates a loader.</summary>
    /// <param name="source">The images.</param>
    /// <param name="transform">Applied to each image; all results must have one size.</param>
    /// <param name="normalization">Applied after the transform.</param>
    /// <param name="options">Batch size, order and workers.</param>
    /// <param name="targets">The row of tokens that belongs to an image; by default its label.</param>
    /// <exception cref="TweedieException">The source is empty, or has less than one batch where the last is dropped.</exception>
    public ImageLoader(
        IImageSource source, IImageTransform transform, Normalization normalization, ImageLoaderOptions? options = null,
        TargetRow? targets = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(transform);
        ArgumentNullException.ThrowIfNull(normalization);
        (_source, _transform, _normalization, _options) = (source, transform, normalization, options ?? new ImageLoaderOptions());
        _targets = targets;
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(_options.BatchSize, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(_options.Prefetch, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegative(_options.Workers, nameof(options));
        if (source.Count == 0)
            throw new TweedieException($"'{source.Name}' has no images.");
        if (BatchesPerEpoch == 0)
            throw new TweedieException(
                $"'{source.Name}' has {source.Count} images, fewer than one batch of {_options.BatchSize}: use a smaller batch size.");
        _shape = new Lazy<ImageShape>(ReadShape);
        _targetLength = targets?.Invoke(epoch: 0, index: 0).Length ?? 1;
    }

    /// <summary>Number of batches in an epoch.</summary>
    public int BatchesPerEpoch => _options.DropLast
        ? _source.Count / _options.BatchSize
        : (int)(((long)_source.Count + _options.BatchSize - 1) / _options.BatchSize);

    /// <summary>The size that every image has: that of the source's first one. Reads that image when first asked.</summary>
    /// <exception cref="TweedieException">The image cannot be read, or has other channels than the normalization.</exception>
    public ImageShape Shape => _shape.Value;

    /// <summary>
    /// Enumerates the batches of an epoch. The caller disposes each batch; leaving the enumeration early stops the workers.
    /// </summary>
    /// <param name="epoch">The epoch's number, which the order and the random transforms depend on.</param>
    /// <param name="startBatch">The first batch to make, to continue an epoch where a run stopped.</param>
    /// <param name="cancellationToken">Ends the enumeration with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="TweedieException">An image cannot be read, or has another size than the first; the message names it.</exception>
    public IEnumerable<ImageBatch> Epoch(int epoch, int startBatch = 0, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(epoch);
        ArgumentOutOfRangeException.ThrowIfNegative(startBatch);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(startBatch, BatchesPerEpoch);
        return _options.Workers == 0 ? InThisThread(epoch, startBatch, cancellationToken) : ReadAhead(epoch, startBatch, cancellationToken);
    }

    private IEnumerable<ImageBatch> InThisThread(int epoch, int startBatch, CancellationToken cancellationToken)
    {
        var order = Order(epoch);
        for (var number = startBatch; number < BatchesPerEpoch; number++)
        {
            var batch = Allocate(order, number);
            try
            {
                Fill(batch, epoch, cancellationToken);
            }
            catch
            {
                batch.Dispose();
                throw;
            }

            yield return batch;
        }
    }

    private IEnumerable<ImageBatch> ReadAhead(int epoch, int startBatch, CancellationToken cancellationToken)
    {
        var order = Order(epoch);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var scheduler = new ConcurrentExclusiveSchedulerPair(TaskScheduler.Default, _options.Workers).ConcurrentScheduler;
        var workers = new TaskFactory(scheduler);
        var depth = Math.Max(_options.Prefetch, _options.Workers);
        var pending = new Queue<(ImageBatch Batch, Task Filling)>(depth);
        try
        {
            for (var number = startBatch; number < BatchesPerEpoch || pending.Count > 0;)
            {
                while (number < BatchesPerEpoch && pending.Count < depth)
                {
                    var batch = Allocate(order, number++);
                    pending.Enqueue((batch, workers.StartNew(() => Fill(batch, epoch, stop.Token), stop.Token)));
                }

                pending.Peek().Filling.GetAwaiter().GetResult(); // rethrows a worker's exception as it was
                yield return pending.Dequeue().Batch;
            }
        }
        finally
        {
            stop.Cancel();
            foreach (var (batch, filling) in pending)
            {
                // A worker that is in the middle of an image finishes it first: nobody writes into freed memory.
                filling.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing).GetAwaiter().GetResult();
                batch.Dispose();
            }
        }
    }

    private ImageShape ReadShape()
    {
        var shape = Load(index: 0, Random(epoch: 0, index: 0)).Shape;
        return shape.Channels == _normalization.Channels ? shape : throw new TweedieException(
            $"'{_source.Name}' has images with {shape.Channels} channel(s), but the model's input has {_normalization.Channels}; "
            + "set model.encoder.channels or choose other data.");
    }

    private int[] Order(int epoch)
    {
        var order = Enumerable.Range(0, _source.Count).ToArray();
        if (_options.Shuffle)
            new SampleRandom(Seeds.Derive(_options.Seed, SeedPurpose.Shuffle, epoch)).Shuffle<int>(order);
        return order;
    }

    private ImageBatch Allocate(int[] order, int number)
    {
        var start = number * _options.BatchSize;
        var indices = new ArraySegment<int>(order, start, Math.Min(_options.BatchSize, order.Length - start));
        return ImageBatch.Allocate(Shape, indices, _targets is null ? null : _targetLength);
    }

    private void Fill(ImageBatch batch, int epoch, CancellationToken cancellationToken)
    {
        for (var position = 0; position < batch.Indices.Count; position++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var index = batch.Indices[position];
            var random = Random(epoch, index);
            var image = Load(index, random);
            if (image.Shape != Shape)
                throw new TweedieException(
                    $"{_source.Describe(index)} is {image.Shape}, but {_source.Describe(0)} is {Shape}: " +
                    "images of a data set need one size, resize them.");
            var values = batch.ImageData(position, Shape.Length);
            _normalization.Apply(image, values);
            _options.Erasing?.Apply(values, Shape, random);
            FillTargets(batch.TargetData(position, _targetLength), epoch, index);
        }
    }

    private void FillTargets(Span<long> row, int epoch, int index)
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

    private RasterImage Load(int index, SampleRandom random) => _transform.Apply(_source.Read(index), random);

    private SampleRandom Random(int epoch, int index) => new(Seeds.Derive(_options.Seed, SeedPurpose.Augment, epoch, index));
}
