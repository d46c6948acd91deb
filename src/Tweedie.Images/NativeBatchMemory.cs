using System.Runtime.InteropServices;

namespace Tweedie.Images;

/// <summary>Memory of the process, outside the garbage collector's heap.</summary>
internal sealed unsafe class NativeBatchMemory : BatchMemory
{
    private float* _images;
    private long* _targets;

    public NativeBatchMemory(ImageShape shape, int count, int? targetsPerImage)
        : base(shape, count, targetsPerImage)
    {
        _images = (float*)NativeMemory.Alloc((nuint)count * (nuint)shape.Length, sizeof(float));
        try
        {
            _targets = (long*)NativeMemory.Alloc((nuint)count * (nuint)TargetLength, sizeof(long));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    private int TargetLength => TargetsPerImage ?? 1;

    protected override Span<float> ImageAt(int place)
    {
        ObjectDisposedException.ThrowIf(_images is null, this);
        return new Span<float>(_images + (long)place * Shape.Length, Shape.Length);
    }

    protected override Span<long> TargetsAt(int place)
    {
        ObjectDisposedException.ThrowIf(_targets is null, this);
        return new Span<long>(_targets + (long)place * TargetLength, TargetLength);
    }

    protected override BatchMemory KeepPlaces(ReadOnlySpan<int> places)
    {
        ObjectDisposedException.ThrowIf(_images is null, this);
        var kept = new NativeBatchMemory(Shape, places.Length, TargetsPerImage);
        for (var i = 0; i < places.Length; i++)
        {
            ImageAt(places[i]).CopyTo(kept.ImageAt(i));
            TargetsAt(places[i]).CopyTo(kept.TargetsAt(i));
        }
        return kept;
    }

    // No finalizer: it could free the memory under a span that is still being read.
    protected override void Dispose(bool disposing)
    {
        NativeMemory.Free(_images);
        NativeMemory.Free(_targets);
        _images = null;
        _targets = null;
    }
}
