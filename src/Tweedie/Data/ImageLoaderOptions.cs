namespace Tweedie.Data;

/// <summary>How an <see cref="ImageLoader"/> makes batches.</summary>
public sealed record ImageLoaderOptions
{
    /// <summary>Images a batch, at least 1.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>Whether each epoch has its own random order; else the source's order.</summary>
    public bool Shuffle { get; init; }

    /// <summary>Whether a last batch with fewer images is left out.</summary>
    public bool DropLast { get; init; }

    /// <summary>The run's seed, for the order and the random transforms.</summary>
    public long Seed { get; init; }

    /// <summary>Blanks blocks of the normalized images; by default nothing.</summary>
    public RandomErasing? Erasing { get; init; }

    /// <summary>
    /// Threads that read and transform images in the background, each a batch of its own; 0 does it in the caller's thread.
    /// The batches are the same for any number. One is enough where training keeps the cores busy.
    /// </summary>
    public int Workers { get; init; } = 1;

    /// <summary>Batches that are kept ready or in work, at least 1; there are never fewer than <see cref="Workers"/>.</summary>
    public int Prefetch { get; init; } = 2;
}
