using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Tweedie.Data;

/// <summary>
/// Images with their labels, on the CPU. The batch owns its tensors and no dispose scope does: they live until <see cref="Dispose"/>,
/// whichever scopes are opened or closed in between.
/// </summary>
public sealed class ImageBatch : IDisposable
{
    /// <summary>Takes ownership of the tensors.</summary>
    /// <param name="images">Float32, shape (B, C, H, W).</param>
    /// <param name="labels">Int64, shape (B).</param>
    /// <param name="indices">The source's index of each image, B of them.</param>
    public ImageBatch(Tensor images, Tensor labels, IReadOnlyList<int> indices)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(labels);
        Images = images.DetachFromDisposeScope();
        Labels = labels.DetachFromDisposeScope();
        Indices = indices;
    }

    /// <summary>The normalized images, float32, shape (B, C, H, W).</summary>
    public Tensor Images { get; }

    /// <summary>The labels, int64, shape (B).</summary>
    public Tensor Labels { get; }

    /// <summary>The source's index of each image, B of them.</summary>
    public IReadOnlyList<int> Indices { get; }

    /// <summary>Frees both tensors.</summary>
    public void Dispose()
    {
        Images.Dispose();
        Labels.Dispose();
    }

    /// <summary>A batch whose images are still to be filled in.</summary>
    /// <exception cref="TweedieException">The images take more than 2 GiB, which no span can address.</exception>
    internal static ImageBatch Allocate(ImageShape shape, IReadOnlyList<int> indices, IImageSource source)
    {
        if ((long)indices.Count * shape.Length * sizeof(float) > int.MaxValue)
            throw new TweedieException($"A batch of {indices.Count} images of {shape} takes more than 2 GiB: use a smaller batch size.");
        return new ImageBatch(
            empty([indices.Count, shape.Channels, shape.Height, shape.Width], ScalarType.Float32, CPU),
            tensor([.. indices.Select(index => (long)source.GetLabel(index))], ScalarType.Int64, CPU),
            indices);
    }

    /// <summary>The memory of one image, shape (C, H, W).</summary>
    internal Span<float> ImageData(int position, int length) =>
        MemoryMarshal.Cast<byte, float>(Images.bytes).Slice(position * length, length);
}
