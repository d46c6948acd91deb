using System.Numerics;
using System.Runtime.InteropServices;

namespace Tweedie.Training;

/// <summary>Sums of bfloat16 numbers, which are the upper halves of float32 numbers. Each sum is rounded to the nearest bfloat16 number, and to the even one of two.</summary>
internal static class Bfloat16Sum
{
    private const int Half = 16;

    /// <summary>Adds numbers to others.</summary>
    /// <param name="added">The numbers that are added.</param>
    /// <param name="sum">The numbers that they are added to, as many.</param>
    public static void Add(ReadOnlySpan<ushort> added, Span<ushort> sum)
    {
        var vectors = MemoryMarshal.Cast<ushort, Vector<ushort>>(added[..sum.Length]);
        var sums = MemoryMarshal.Cast<ushort, Vector<ushort>>(sum);
        for (var i = 0; i < sums.Length; i++)
        {
            Vector.Widen(vectors[i], out var low, out var high);
            Vector.Widen(sums[i], out var lowSum, out var highSum);
            sums[i] = Vector.Narrow(Sum(low, lowSum), Sum(high, highSum));
        }
        for (var i = sums.Length * Vector<ushort>.Count; i < sum.Length; i++)
            sum[i] = (ushort)Sum(new Vector<uint>(added[i]), new Vector<uint>(sum[i]))[0];
    }

    // The result's upper half, in 32 bits. The lower half of a result that is not a number is 0, so rounding leaves it as it is.
    private static Vector<uint> Sum(Vector<uint> a, Vector<uint> b)
    {
        var bits = Vector.AsVectorUInt32(Vector.AsVectorSingle(a << Half) + Vector.AsVectorSingle(b << Half));
        return (bits + new Vector<uint>(0x7FFF) + ((bits >>> Half) & Vector<uint>.One)) >>> Half;
    }
}
