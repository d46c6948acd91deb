using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Tweedie.Data;

/// <summary>
/// Images with what a model should predict for them, on the CPU. The batch owns its tensors and no dispose scope does: they live until <see cref="Dispose"/>,
/// whichever scopes are opened or closed in between.
/// </summary>
public sealed class ImageBatch : IDisposable
{
    /// <summary>Takes ownership of the tensors.</summary>
    /// <param name="images">Float32, shape (B, C, H, W).</param>
    /// <param name="targets">Int64, shape (B) or (B, N).</param>
    /// <param name="indices">The source's index of each image, B of them.</param>
    public ImageBatch(Tensor images, Tensor targets, IReadOnlyList<int> indices)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(targets);
        Images = images.DetachFromDisposeScope();
        Targets = targets.DetachFromDisposeScope();
        Indices = indices;
    }

    /// <summary>The normalized images, float32, shape (B, C, H, W).</summary>
    public Tensor Images { get; }

    /// <summary>Labels, int64, shape (B), or rows of tokens, shape (B, N).</summary>
    public Tensor Targets { get; }

    /// <summary>The source's index of each image, B of them.</summary>
    public IReadOnlyList<int> Indices { get; }

    /// <summary>Frees both tensors.</summary>
    public void Dispose()
    {
        Images.Dispose();
        Targets.Dispose();
    }

    /// <summary>A batch whose images and targets are still to be filled in.</summary>
    /// <param name="shape">The shape of one image.</param>
    /// <param name="indices">The source's index of each image.</param>
    /// <param name="tokens">Tokens of a row N; null for labels.</param>
    /// <exception cref="TweedieException">The images take more than 2 GiB, which no span can address.</exception>
    internal static ImageBatch Allocate(ImageShape shape, IReadOnlyList<int> indices, int? tokens = null)
    {
        if ((long)indices.Count * shape.Length * sizeof(float) > int.MaxValue)
            throw new TweedieException($"A batch of {indices.Count} images of {shape} takes more than 2 GiB: use a smaller batch size.");
        return new ImageBatch(
            empty([indices.Count, shape.Channels, shape.Height, shape.Width], ScalarType.Float32, CPU),
            empty(tokens is { } length ? [indices.Count, length] : [indices.Count], ScalarType.Int64, CPU),
            indices);
    }

    /// <summary>The memory of one image, shape (C, H, W).</summary>
    internal Span<float> ImageData(int position, int length) =>
        MemoryMarshal.Cast<byte, float>(Images.bytes).Slice(position * length, length);

    /// <summary>The memory of the targets of one image: one label or N tokens.</summary>
    internal Span<long> TargetData(int position, int length) =>
        MemoryMarshal.Cast<byte, long>(Targets.bytes).Slice(position * length, length);
}
