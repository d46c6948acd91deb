using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;
using Tweedie.Images;
using static TorchSharp.torch;

namespace Tweedie.Tensors;

/// <summary>
/// Memory of a batch, as two tensors on the CPU. No dispose scope owns the tensors: they live until the memory is disposed of, whichever scopes are opened or
/// closed in between. Only the thread that enumerates a loader's batches touches them as tensors.
/// </summary>
public sealed unsafe class TensorBatchMemory : BatchMemory
{
    private readonly float* _imageData;
    private readonly long* _targetData;
    private readonly int _targetLength;

    private TensorBatchMemory(ImageShape shape, Tensor images, Tensor targets)
        : base(shape, checked((int)images.shape[0]), targets.dim() == 1 ? null : checked((int)targets.shape[1]))
    {
        (ImageTensor, TargetTensor, _targetLength) = (images.DetachFromDisposeScope(), targets.DetachFromDisposeScope(), TargetsPerImage ?? 1);
        _imageData = (float*)Address(ImageTensor);
        _targetData = (long*)Address(TargetTensor);
    }

    /// <summary>The images, float32, shape (B, C, H, W). The memory owns them.</summary>
    internal Tensor ImageTensor { get; }

    /// <summary>Labels, int64, shape (B), or rows of tokens, shape (B, N). The memory owns them.</summary>
    internal Tensor TargetTensor { get; }

    /// <summary>
    /// The allocator for batches that are copied to a device. For a GPU it takes page-locked memory, which the GPU copies from by itself; else plain memory.
    /// A batch that lost images (<see cref="ImageLoaderOptions.DropLast"/>) lies in plain memory.
    /// </summary>
    /// <param name="device">Where the batches go.</param>
    public static BatchAllocator For(Device device)
    {
        ArgumentNullException.ThrowIfNull(device);
        return device.type == DeviceType.CUDA ? AllocatePageLocked : Allocate;
    }

    /// <summary>Takes plain memory; a <see cref="BatchAllocator"/>.</summary>
    /// <inheritdoc cref="BatchAllocator"/>
    public static BatchMemory Allocate(ImageShape shape, int count, int? targetsPerImage) => Create(shape, count, targetsPerImage, pageLocked: false);

    /// <summary>Takes page-locked memory, which needs CUDA; a <see cref="BatchAllocator"/>.</summary>
    /// <inheritdoc cref="BatchAllocator"/>
    public static BatchMemory AllocatePageLocked(ImageShape shape, int count, int? targetsPerImage) =>
        Create(shape, count, targetsPerImage, pageLocked: true);

    /// <inheritdoc/>
    protected override Span<float> ImageAt(int place)
    {
        ObjectDisposedException.ThrowIf(ImageTensor.IsInvalid, this);
        return new Span<float>(_imageData + (long)place * Shape.Length, Shape.Length);
    }

    /// <inheritdoc/>
    protected override Span<long> TargetsAt(int place)
    {
        ObjectDisposedException.ThrowIf(TargetTensor.IsInvalid, this);
        return new Span<long>(_targetData + (long)place * _targetLength, _targetLength);
    }

    /// <inheritdoc/>
    protected override BatchMemory KeepPlaces(ReadOnlySpan<int> places)
    {
        ObjectDisposedException.ThrowIf(ImageTensor.IsInvalid, this);
        using var kept = tensor(places.ToArray(), ScalarType.Int64);
        return new TensorBatchMemory(Shape, ImageTensor.index_select(0, kept), TargetTensor.index_select(0, kept));
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (!disposing)
            return;
        ImageTensor.Dispose();
        TargetTensor.Dispose();
    }

    private static TensorBatchMemory Create(ImageShape shape, int count, int? targetsPerImage, bool pageLocked) => new(
        shape,
        Empty([count, shape.Channels, shape.Height, shape.Width], ScalarType.Float32, pageLocked),
        Empty(targetsPerImage is { } tokens ? [count, tokens] : [count], ScalarType.Int64, pageLocked));

    // TorchSharp has no empty tensor in page-locked memory, only a copy to it. libtorch keeps that memory for the next batch, once no copy from it is under
    // way.
    private static Tensor Empty(long[] shape, ScalarType type, bool pageLocked)
    {
        var plain = empty(shape, type, CPU).DetachFromDisposeScope();
        if (!pageLocked)
            return plain;
        using (plain)
            return plain.pin_memory().DetachFromDisposeScope();
    }

    // A reference to the first element, because a span cannot address all of a large batch.
    private static void* Address(Tensor tensor)
    {
        using var first = tensor.narrow(0, 0, 1);
        return Unsafe.AsPointer(ref MemoryMarshal.GetReference(first.bytes));
    }
}
