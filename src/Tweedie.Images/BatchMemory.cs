namespace Tweedie.Images;

/// <summary>
/// The memory that a batch of an <see cref="ImageLoader"/> lies in: one block of images and one of targets, both without gaps. Workers write
/// into different places at the same time; everything else is for one thread at a time.
/// </summary>
public abstract class BatchMemory : IDisposable
{
    /// <summary>Sets the sizes.</summary>
    /// <param name="shape">The shape of every image, (C, H, W).</param>
    /// <param name="count">Images B, at least 1.</param>
    /// <param name="targetsPerImage">Tokens N per image, at least 1; null for one label per image.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 1.</exception>
    protected BatchMemory(ImageShape shape, int count, int? targetsPerImage)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(shape.Length, nameof(shape));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(targetsPerImage ?? 1, nameof(targetsPerImage));
        (Shape, Count, TargetsPerImage) = (shape, count, targetsPerImage);
    }

    /// <summary>The shape of every image, (C, H, W).</summary>
    public ImageShape Shape { get; }

    /// <summary>Images B, at least 1.</summary>
    public int Count { get; }

    /// <summary>Tokens N per image, with targets of shape (B, N); null for one label per image, with targets of shape (B).</summary>
    public int? TargetsPerImage { get; }

    /// <summary>The values of an image, shape (C, H, W), row-major. They hold anything until they are written.</summary>
    /// <param name="place">The image's place in the batch, 0 to B − 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The batch has no such place.</exception>
    /// <exception cref="ObjectDisposedException">The memory has been freed.</exception>
    public Span<float> Image(int place)
    {
        CheckPlace(place);
        return ImageAt(place);
    }

    /// <summary>The targets of an image: one label or N tokens. They hold anything until they are written.</summary>
    /// <param name="place">The image's place in the batch, 0 to B − 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The batch has no such place.</exception>
    /// <exception cref="ObjectDisposedException">The memory has been freed.</exception>
    public Span<long> Targets(int place)
    {
        CheckPlace(place);
        return TargetsAt(place);
    }

    /// <summary>Copies some places, in their order, into new memory of the same kind. This memory stays as it is.</summary>
    /// <param name="places">The places to keep, at least one, each 0 to B − 1.</param>
    /// <exception cref="ArgumentException">No place is to be kept.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The batch has no such place.</exception>
    /// <exception cref="ObjectDisposedException">The memory has been freed.</exception>
    public BatchMemory Keep(ReadOnlySpan<int> places)
    {
        if (places.IsEmpty)
            throw new ArgumentException("must have at least one place", nameof(places));
        foreach (var place in places)
            CheckPlace(place);
        return KeepPlaces(places);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>The values of an image at a place that the batch has; may be called from several threads at once.</summary>
    protected abstract Span<float> ImageAt(int place);

    /// <summary>The targets of an image at a place that the batch has; may be called from several threads at once.</summary>
    protected abstract Span<long> TargetsAt(int place);

    /// <summary>Copies places that the batch has, at least one, into new memory.</summary>
    protected abstract BatchMemory KeepPlaces(ReadOnlySpan<int> places);

    /// <summary>Frees the memory. May be called more than once.</summary>
    /// <param name="disposing">Whether <see cref="Dispose()"/> makes the call, and not a finalizer.</param>
    protected abstract void Dispose(bool disposing);

    private void CheckPlace(int place)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(place);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(place, Count);
    }
}
