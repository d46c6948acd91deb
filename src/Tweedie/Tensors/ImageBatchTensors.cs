using Tweedie.Images;
using static TorchSharp.torch;

namespace Tweedie.Tensors;

/// <summary>Batches as tensors.</summary>
public static class ImageBatchTensors
{
    /// <summary>
    /// The images and targets of a batch, on the CPU. Where the batch lies in <see cref="TensorBatchMemory"/> they are its own tensors, which the
    /// batch disposes of; else they are copies, which belong to the caller and the caller's dispose scope.
    /// </summary>
    /// <param name="batch">The batch.</param>
    /// <returns>The images, float32, shape (B, C, H, W); labels, int64, shape (B), or rows of tokens, shape (B, N).</returns>
    /// <exception cref="ObjectDisposedException">The batch has been disposed of.</exception>
    public static (Tensor Images, Tensor Targets) Tensors(this ImageBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (batch.Memory is TensorBatchMemory own)
            return (own.ImageTensor, own.TargetTensor);
        using var copy = (TensorBatchMemory)TensorBatchMemory.Allocate(batch.Shape, batch.Count, batch.Memory.TargetsPerImage);
        for (var place = 0; place < batch.Count; place++)
        {
            batch.Memory.Image(place).CopyTo(copy.Image(place));
            batch.Memory.Targets(place).CopyTo(copy.Targets(place));
        }
        return (copy.ImageTensor.alias(), copy.TargetTensor.alias()); // the memory lives on in them
    }
}
