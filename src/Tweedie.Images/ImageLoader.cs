namespace Tweedie.Images;

/// <summary>
/// Turns a source into batches: order, transforms, normalization, and reading ahead in the background. A batch is a pure function of
/// (seed, epoch, batch number): neither the number of workers nor the place where an epoch is resumed changes a pixel.
/// </summary>
/// <remarks>
/// The memory of a batch is taken and freed in the thread that enumerates; workers only write into it. Workers therefore never meet what an
/// allocator keeps per thread, such as a tensor library's scopes.
/// </remarks>
public sealed class ImageLoader
{
    // Small, so that workers share a batch and stay close together in the source.
    private const int PlacesATask = 8;

    private readonly IImageSource _source;
    private readonly ImageLoaderOptions _options;
    private readonly SampleReader _samples;
    private readonly BatchAllocator _allocate;

    /// <summary>Creates a loader.</summary>
    /// <param name="source">The images.</param>
    /// <param name="transform">Applied to each image; all results must have one size.</param>
    /// <param name="normalization">Applied after the transform.</param>
    /// <param name="options">Batch size, order and workers.</param>
    /// <param name="targets">The row of tokens that belongs to an image; by default its label.</param>
    /// <exception cref="TweedieException">The source is empty, or has less than one batch where the last is dropped.</exception>
    public ImageLoader(
        IImageSource source, IImageTransform transform, Normalization normalization, ImageLoaderOptions? options = null,
        TargetRow? targets = null) : this(source, options ?? new ImageLoaderOptions(), Images(source, transform, normalization, options ?? new ImageLoaderOptions()), targets)
    {
    }

    /// <summary>Creates a loader of features instead of images: its batches have the shape (B, 1, M, d).</summary>
    /// <param name="features">The features; their cache must live as long as the loader.</param>
    /// <param name="options">Batch size, order and workers.</param>
    /// <param name="targets">The row of tokens that belongs to an image; by default its label.</param>
    /// <exception cref="TweedieException">The source is empty, or has less than one batch where the last is dropped.</exception>
    public ImageLoader(FeatureSet features, ImageLoaderOptions? options = null, TargetRow? targets = null)
        : this(Source(features), options ?? new ImageLoaderOptions(), new FeatureInput(features, options ?? new ImageLoaderOptions()), targets)
    {
    }

    private ImageLoader(IImageSource source, ImageLoaderOptions options, ISampleInput input, TargetRow? targets)
    {
        (_source, _options) = (source, options);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(_options.BatchSize, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(_options.Prefetch, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegative(_options.Workers, nameof(options));
        if (source.Count == 0)
            throw new TweedieException($"'{source.Name}' has no images.");
        if (BatchesPerEpoch == 0)
            throw new TweedieException(
                $"'{source.Name}' has {source.Count} images, fewer than one batch of {_options.BatchSize}: use a smaller batch size.");
        _allocate = _options.Allocate ?? ((shape, count, targetsPerImage) => new NativeBatchMemory(shape, count, targetsPerImage));
        _samples = new SampleReader(source, input, _options, targets);
    }

    private static ImageInput Images(IImageSource source, IImageTransform transform, Normalization normalization, ImageLoaderOptions options)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(transform);
        ArgumentNullException.ThrowIfNull(normalization);
        return new(source, transform, normalization, options);
    }

    private static IImageSource Source(FeatureSet features)
    {
        ArgumentNullException.ThrowIfNull(features);
        return features.Source;
    }

    /// <summary>Number of batches in an epoch.</summary>
    public int BatchesPerEpoch => _options.DropLast
        ? _source.Count / _options.BatchSize
        : (int)(((long)_source.Count + _options.BatchSize - 1) / _options.BatchSize);

    /// <summary>The size that every image has: that of the source's first one. Reads that image when first asked.</summary>
    /// <exception cref="TweedieException">The image cannot be read, or has other channels than the normalization.</exception>
    public ImageShape Shape => _samples.Shape;

    /// <summary>
    /// Enumerates the batches of an epoch. The caller disposes each batch; leaving the enumeration early stops the workers.
    /// </summary>
    /// <param name="epoch">The epoch's number, which the order and the random transforms depend on.</param>
    /// <param name="startBatch">The first batch to make, to continue an epoch where a run stopped.</param>
    /// <param name="part">The part of each batch to make; the whole batch if null.</param>
    /// <param name="cancellationToken">Ends the enumeration with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="TweedieException">
    /// An image cannot be read, or more of them than <see cref="ImageLoaderOptions.MaxBadShare"/> allows, counted from
    /// <paramref name="startBatch"/> on; or one has another size than the first. The message names it.
    /// </exception>
    public IEnumerable<ImageBatch> Epoch(int epoch, int startBatch = 0, BatchPart? part = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(epoch);
        ArgumentOutOfRangeException.ThrowIfNegative(startBatch);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(startBatch, BatchesPerEpoch);
        return Batches(epoch, startBatch, part ?? BatchPart.Whole, cancellationToken);
    }

    private IEnumerable<ImageBatch> Batches(int epoch, int startBatch, BatchPart part, CancellationToken cancellationToken)
    {
        var budget = new BadImageBudget(_source.Name, (int)Math.Ceiling(_options.MaxBadShare * _source.Count));
        foreach (var pending in _options.Workers == 0
            ? InThisThread(epoch, BatchIndices(epoch, startBatch, part), cancellationToken)
            : ReadAhead(epoch, BatchIndices(epoch, startBatch, part), cancellationToken))
        {
            ImageBatch? batch = null;
            try
            {
                budget.Count(pending.BadImages);
                batch = pending.Finish(leaveOut: !_options.DropLast);
            }
            finally
            {
                if (batch is null)
                    pending.Dispose();
            }

            if (batch is not null)
                yield return batch;
        }
    }

    private IEnumerable<PendingBatch> InThisThread(int epoch, IEnumerable<int[]> batches, CancellationToken cancellationToken)
    {
        foreach (var indices in batches)
        {
            var batch = Allocate(indices);
            try
            {
                Fill(batch, 0, indices.Length, epoch, cancellationToken);
            }
            catch
            {
                batch.Dispose();
                throw;
            }

            yield return batch;
        }
    }

    private IEnumerable<PendingBatch> ReadAhead(int epoch, IEnumerable<int[]> batches, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var scheduler = new ConcurrentExclusiveSchedulerPair(TaskScheduler.Default, _options.Workers).ConcurrentScheduler;
        var workers = new TaskFactory(scheduler);
        var pending = new Queue<PendingBatch>(_options.Prefetch);
        using var order = batches.GetEnumerator();
        try
        {
            while (true)
            {
                while (pending.Count < _options.Prefetch && order.MoveNext())
                {
                    var batch = Allocate(order.Current);
                    batch.Filling = StartFilling(workers, batch, epoch, stop.Token);
                    pending.Enqueue(batch);
                }

                if (pending.Count == 0)
                    yield break;
                pending.Peek().Filling.GetAwaiter().GetResult(); // rethrows a worker's exception as it was
                yield return pending.Dequeue();
            }
        }
        finally
        {
            stop.Cancel();
            foreach (var batch in pending)
            {
                // A worker that is in the middle of an image finishes it first, so that nobody writes into freed memory.
                batch.Filling.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing).GetAwaiter().GetResult();
                batch.Dispose();
            }
        }
    }

    /// <summary>Tasks run in the order in which they are started, so the first batch is ready first.</summary>
    private Task StartFilling(TaskFactory workers, PendingBatch batch, int epoch, CancellationToken cancellationToken) =>
        Task.WhenAll(Enumerable.Range(0, (batch.Indices.Length + PlacesATask - 1) / PlacesATask).Select(task =>
        {
            var start = task * PlacesATask;
            var end = Math.Min(start + PlacesATask, batch.Indices.Length);
            return workers.StartNew(() => Fill(batch, start, end, epoch, cancellationToken), cancellationToken);
        }));

    private void Fill(PendingBatch batch, int start, int end, int epoch, CancellationToken cancellationToken)
    {
        for (var place = start; place < end; place++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            _samples.Fill(batch, place, epoch);
        }
    }

    private PendingBatch Allocate(int[] indices) => new(_allocate(Shape, indices.Length, _samples.Tokens), indices);

    private IEnumerable<int[]> BatchIndices(int epoch, int startBatch, BatchPart part)
    {
        var start = startBatch * _options.BatchSize;
        var order = _options.Shuffle
            ? EpochOrder.Shuffled(_source, Seeds.Derive(_options.Seed, SeedPurpose.Shuffle, epoch), start)
            : EpochOrder.Sequential(_source, start);
        var batches = order.Chunk(_options.BatchSize).Take(BatchesPerEpoch - startBatch);
        return part.Count == 1 ? batches : batches.Select(indices => indices[part.Of(indices.Length)]);
    }
}
