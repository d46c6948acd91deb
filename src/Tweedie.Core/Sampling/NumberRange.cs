using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Tweedie.Sampling;

/// <summary>Computes a range of a stream's numbers, as many lanes at a time as the processor has. Block b has the numbers 2b and 2b + 1.</summary>
internal static class NumberRange
{
    /// <summary>Fills the span with the numbers at <paramref name="first"/> and after it.</summary>
    public static void Fill<TNumber, TDraw>(in CounterNoise noise, Span<TNumber> destination, long first)
        where TNumber : unmanaged where TDraw : IDraw<TNumber>
    {
        if (Avx512F.IsSupported)
            Fill<TNumber, TDraw, EightLanes>(noise, destination, first);
        else if (Avx2.IsSupported)
            Fill<TNumber, TDraw, FourLanes>(noise, destination, first);
        else
            Fill<TNumber, TDraw, OneLane>(noise, destination, first);
    }

    /// <summary>The same with a given number of lanes.</summary>
    public static void Fill<TNumber, TDraw, T>(in CounterNoise noise, Span<TNumber> destination, long first)
        where TNumber : unmanaged where TDraw : IDraw<TNumber> where T : struct, ILanes<T>
    {
        var keys = RoundKeys.Of(noise.Seed);
        var block = (ulong)first >> 1;
        Span<TNumber> group = stackalloc TNumber[2 * T.Count];
        if (long.IsOddInteger(first))
        {
            FillGroups<TNumber, TDraw, T>(noise, keys, group, block);
            var start = group[1..Math.Min(group.Length, destination.Length + 1)];
            start.CopyTo(destination);
            destination = destination[start.Length..];
            block += (ulong)T.Count;
        }

        var done = FillGroups<TNumber, TDraw, T>(noise, keys, destination, block);
        if (done == destination.Length)
            return;
        FillGroups<TNumber, TDraw, T>(noise, keys, group, block + (ulong)done / 2);
        group[..(destination.Length - done)].CopyTo(destination[done..]);
    }

    // Fills whole groups of blocks, one block per lane, and returns the count of numbers filled. The loop is compiled in full at once,
    // because calls are few and long.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int FillGroups<TNumber, TDraw, T>(in CounterNoise noise, in RoundKeys keys, Span<TNumber> destination, ulong block)
        where TDraw : IDraw<TNumber> where T : struct, ILanes<T>
    {
        ref var start = ref MemoryMarshal.GetReference(destination);
        var blocks = T.AddWords(T.Words(block), T.Order);
        var count = (ulong)T.Count;
        var done = 0;
        if (T.Count > 1)
            for (; done <= destination.Length - 4 * T.Count; done += 4 * T.Count)
            {
                var next = T.AddWords(blocks, T.Words(count));
                Philox.Mix(keys, noise.Step, noise.Purpose, blocks, next, out var first, out var second, out var nextFirst, out var nextSecond);
                TDraw.Write(first, second, ref Unsafe.Add(ref start, done));
                TDraw.Write(nextFirst, nextSecond, ref Unsafe.Add(ref start, done + 2 * T.Count));
                blocks = T.AddWords(next, T.Words(count));
            }

        for (; done <= destination.Length - 2 * T.Count; done += 2 * T.Count)
        {
            Philox.Mix(keys, noise.Step, noise.Purpose, blocks, out var first, out var second);
            TDraw.Write(first, second, ref Unsafe.Add(ref start, done));
            blocks = T.AddWords(blocks, T.Words(count));
        }

        return done;
    }
}
