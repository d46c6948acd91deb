namespace Tweedie.Images;

/// <summary>How an <see cref="ImageLoader"/> makes batches.</summary>
public sealed record ImageLoaderOptions
{
    /// <summary>Images per batch, at least 1.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>Whether each epoch has its own random order; else the source's order.</summary>
    public bool Shuffle { get; init; }

    /// <summary>
    /// Whether every batch has the full size: a last batch with fewer images is left out, and an image that cannot be read is replaced by
    /// another one, drawn from the seed. Else batches have fewer images in both cases.
    /// </summary>
    public bool DropLast { get; init; }

    /// <summary>
    /// The share of a source's images, rounded up, that may be unreadable in an epoch, or lack the label that is their target. More than
    /// that, or 20 in a row, is an error. 0, the default, makes the first one an error.
    /// </summary>
    public double MaxBadShare { get; init; }

    /// <summary>The run's seed, for the order and the random transforms.</summary>
    public long Seed { get; init; }

    /// <summary>Blanks blocks of the normalized images; by default nothing.</summary>
    public RandomErasing? Erasing { get; init; }

    /// <summary>
    /// Threads that read and transform images in the background; 0 does it in the caller's thread. The batches are the same for any number.
    /// By default one per processor, at most 8, but one processor is left to the caller. One is enough where training keeps the cores busy.
    /// </summary>
    public int Workers { get; init; } = Math.Clamp(Environment.ProcessorCount - 1, 1, 8);

    /// <summary>Batches that are kept ready or in work, at least 1.</summary>
    public int Prefetch { get; init; } = 2;

    /// <summary>
    /// Takes the memory of each batch, so that a batch can lie where its user needs it. By default it is memory of the process, outside the
    /// garbage collector's heap.
    /// </summary>
    public BatchAllocator? Allocate { get; init; }
}
