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

    /// <summary>
    /// Images that should be here and could not be read: others took their place, or they were left out
    /// (<see cref="ImageLoaderOptions.DropLast"/>).
    /// </summary>
    public IReadOnlyList<BadImage> BadImages { get; internal init; } = [];

    /// <summary>Frees both tensors.</summary>
    public void Dispose()
    {
        Images.Dispose();
        Targets.Dispose();
    }
}
