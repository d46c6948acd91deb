namespace Tweedie.Images;

/// <summary>A batch that workers write into; one worker writes each place. It owns its memory until <see cref="Finish"/> gives it away.</summary>
/// <param name="memory">The memory, whose ownership it takes.</param>
/// <param name="indices">The source's index of the image that belongs in each place.</param>
internal sealed class PendingBatch(BatchMemory memory, int[] indices) : IDisposable
{
    /// <summary>The source's index of the image in each place.</summary>
    public int[] Indices { get; } = indices;

    /// <summary>For each place, the image that should be there and cannot be read.</summary>
    public BadImage?[] BadImages { get; } = new BadImage?[indices.Length];

    /// <summary>The workers' task.</summary>
    public Task Filling { get; set; } = Task.CompletedTask;

    /// <summary>The memory of an image, shape (C, H, W).</summary>
    public Span<float> Image(int place) => memory.Image(place);

    /// <summary>The memory of the targets of an image: one label or N tokens.</summary>
    public Span<long> Targets(int place) => memory.Targets(place);

    /// <summary>The filled batch, which owns the memory from here on; null where no image is left.</summary>
    /// <param name="leaveOut">Whether the places of bad images are empty.</param>
    public ImageBatch? Finish(bool leaveOut)
    {
        var bad = BadImages.OfType<BadImage>().ToList();
        if (!leaveOut || bad.Count == 0)
            return new ImageBatch(memory, Indices) { BadImages = bad };
        using (this)
        {
            var kept = Enumerable.Range(0, Indices.Length).Where(place => BadImages[place] is null).ToArray();
            return kept.Length == 0 ? null : new ImageBatch(memory.Keep(kept), [.. kept.Select(place => Indices[place])]) { BadImages = bad };
        }
    }

    /// <summary>Frees the memory.</summary>
    public void Dispose() => memory.Dispose();
}
