namespace Tweedie.Images;

/// <summary>Images with what a model should predict for them. The batch owns its memory, which lives until <see cref="Dispose"/>.</summary>
public sealed class ImageBatch : IDisposable
{
    /// <summary>Takes ownership of the memory.</summary>
    /// <param name="memory">The images and their targets.</param>
    /// <param name="indices">The source's index of each image, as many as there are images.</param>
    /// <exception cref="ArgumentException">There are more or fewer indices than images.</exception>
    public ImageBatch(BatchMemory memory, IReadOnlyList<int> indices)
    {
        ArgumentNullException.ThrowIfNull(memory);
        ArgumentNullException.ThrowIfNull(indices);
        if (indices.Count != memory.Count)
            throw new ArgumentException($"has {indices.Count} indices for {memory.Count} images", nameof(indices));
        (Memory, Indices) = (memory, indices);
    }

    /// <summary>
    /// The normalized images, float32, shape (B, C, H, W), and their targets, int64: labels, shape (B), or rows of tokens, shape (B, N).
    /// </summary>
    public BatchMemory Memory { get; }

    /// <summary>The shape of every image, (C, H, W).</summary>
    public ImageShape Shape => Memory.Shape;

    /// <summary>Number of images B, at least 1.</summary>
    public int Count => Memory.Count;

    /// <summary>The source's index of each image, B of them.</summary>
    public IReadOnlyList<int> Indices { get; }

    /// <summary>
    /// Images that should be here and could not be read: others took their place, or they were left out
    /// (<see cref="ImageLoaderOptions.DropLast"/>).
    /// </summary>
    public IReadOnlyList<BadImage> BadImages { get; internal init; } = [];

    /// <summary>Frees the memory.</summary>
    public void Dispose() => Memory.Dispose();
}
