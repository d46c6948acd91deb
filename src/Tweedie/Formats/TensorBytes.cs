using static TorchSharp.torch;

namespace Tweedie.Formats;

/// <summary>Moves the bytes of tensors of any size to and from streams, without a copy in managed memory.</summary>
internal static class TensorBytes
{
    /// <summary>A span holds at most 2 GiB, so larger tensors go in parts.</summary>
    private const long PartBytes = 1 << 26;

    /// <summary>Fills a contiguous tensor on the CPU from a stream.</summary>
    /// <exception cref="EndOfStreamException">The stream ends early.</exception>
    public static void Read(Stream stream, Tensor tensor) => ForEachPart(tensor, stream.ReadExactly);

    /// <summary>Writes the elements of a tensor on any device, in row-major order.</summary>
    public static void Write(Stream stream, Tensor tensor)
    {
        using var scope = NewDisposeScope();
        ForEachPart(tensor.detach().cpu().contiguous(), part => stream.Write(part));
    }

    /// <summary>Whether every byte of a contiguous tensor on the CPU is 0 or 1, as booleans must be.</summary>
    public static bool HoldBooleans(Tensor tensor)
    {
        var areBooleans = true;
        ForEachPart(tensor, part => areBooleans &= !part.ContainsAnyExceptInRange((byte)0, (byte)1));
        return areBooleans;
    }

    private static void ForEachPart(Tensor tensor, Action<Span<byte>> visit)
    {
        using var scope = NewDisposeScope();
        var elements = tensor.detach().view(-1);
        var (count, length) = (tensor.NumberOfElements, PartBytes / tensor.element_size());
        for (var start = 0L; start < count; start += length)
            visit(elements.narrow(0, start, Math.Min(length, count - start)).bytes);
    }
}
