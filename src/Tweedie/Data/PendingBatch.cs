using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Tweedie.Data;

/// <summary>
/// A batch that workers write into, each place by one of them. Owns its tensors until <see cref="Finish"/> gives them away; only the thread
/// that made it touches them as tensors.
/// </summary>
internal sealed unsafe class PendingBatch : IDisposable
{
    private readonly Tensor _images;
    private readonly Tensor _targets;
    private readonly float* _imageData;
    private readonly long* _targetData;
    private readonly int _imageLength;
    private readonly int _targetLength;

    /// <summary>Takes memory for a batch, uninitialised.</summary>
    /// <param name="shape">The shape of one image.</param>
    /// <param name="indices">The source's index of the image that belongs in each place.</param>
    /// <param name="tokens">Tokens of a row of targets; null for labels.</param>
    /// <param name="pin">Whether the memory is page-locked.</param>
    public PendingBatch(ImageShape shape, int[] indices, int? tokens, bool pin)
    {
        (Indices, BadImages) = (indices, new BadImage?[indices.Length]);
        (_imageLength, _targetLength) = (shape.Length, tokens ?? 1);
        _images = Memory([indices.Length, shape.Channels, shape.Height, shape.Width], ScalarType.Float32, pin);
        _targets = Memory(tokens is { } row ? [indices.Length, row] : [indices.Length], ScalarType.Int64, pin);
        _imageData = (float*)Address(_images);
        _targetData = (long*)Address(_targets);
    }

    /// <summary>The source's index of the image in each place.</summary>
    public int[] Indices { get; }

    /// <summary>For each place, the image that should be there and cannot be read.</summary>
    public BadImage?[] BadImages { get; }

    /// <summary>The workers' task.</summary>
    public Task Filling { get; set; } = Task.CompletedTask;

    /// <summary>The memory of an image, shape (C, H, W).</summary>
    public Span<float> Image(int place) => new(_imageData + (long)place * _imageLength, _imageLength);

    /// <summary>The memory of the targets of an image: one label or N tokens.</summary>
    public Span<long> Targets(int place) => new(_targetData + (long)place * _targetLength, _targetLength);

    /// <summary>The filled batch, which owns the tensors from here on; null where no image is left.</summary>
    /// <param name="leaveOut">Whether the places of bad images are empty.</param>
    public ImageBatch? Finish(bool leaveOut)
    {
        var bad = BadImages.OfType<BadImage>().ToList();
        if (!leaveOut || bad.Count == 0)
            return new ImageBatch(_images, _targets, Indices) { BadImages = bad };
        using (this)
        {
            var kept = Enumerable.Range(0, Indices.Length).Where(place => BadImages[place] is null).ToArray();
            if (kept.Length == 0)
                return null;
            using var places = tensor(kept, ScalarType.Int64);
            return new ImageBatch(_images.index_select(0, places), _targets.index_select(0, places), [.. kept.Select(place => Indices[place])])
            {
                BadImages = bad,
            };
        }
    }

    /// <summary>Frees the memory.</summary>
    public void Dispose()
    {
        _images.Dispose();
        _targets.Dispose();
    }

    // TorchSharp has no empty tensor in page-locked memory, only a copy to it. libtorch keeps that memory for the next batch, once no copy from it
    // is under way any more.
    private static Tensor Memory(long[] shape, ScalarType type, bool pin)
    {
        var plain = empty(shape, type, CPU).DetachFromDisposeScope();
        if (!pin)
            return plain;
        using (plain)
            return plain.pin_memory().DetachFromDisposeScope();
    }

    // Of the first element: a span cannot address all of a large batch.
    private static void* Address(Tensor tensor)
    {
        using var first = tensor.narrow(0, 0, 1);
        return Unsafe.AsPointer(ref MemoryMarshal.GetReference(first.bytes));
    }
}
