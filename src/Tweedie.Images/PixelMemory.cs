using System.Buffers;

namespace Tweedie.Images;

/// <summary>
/// The memory of one sample on its way from the decoder to a tensor: buffers are rented as its images are made and given back together,
/// so that a steady stream of images allocates no pixels. Not thread-safe.
/// </summary>
internal sealed class PixelMemory : IDisposable
{
    private readonly List<byte[]> _buffers = new(capacity: 8);

    /// <summary>A buffer of at least the given length, with undefined content.</summary>
    public byte[] Rent(int length)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        _buffers.Add(buffer);
        return buffer;
    }

    /// <summary>Gives all buffers back: no image that lies in them may be used any more.</summary>
    public void Dispose()
    {
        foreach (var buffer in _buffers)
            ArrayPool<byte>.Shared.Return(buffer);
        _buffers.Clear();
    }
}
