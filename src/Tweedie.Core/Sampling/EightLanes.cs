using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Tweedie.Sampling;

/// <summary>Eight lanes, for processors with AVX-512.</summary>
internal readonly struct EightLanes(Vector512<double> lanes) : ILanes<EightLanes>
{
    private readonly Vector512<double> _lanes = lanes;

    public static int Count => Vector512<ulong>.Count;

    public static EightLanes Order => new(Vector512.Create(0UL, 4, 1, 5, 2, 6, 3, 7).AsDouble());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static EightLanes Words(ulong word) => new(Vector512.Create(word).AsDouble());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static EightLanes Numbers(double number) => new(Vector512.Create(number));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static EightLanes operator +(EightLanes left, EightLanes right) => new(left._lanes + right._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static EightLanes operator -(EightLanes left, EightLanes right) => new(left._lanes - right._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static EightLanes operator *(EightLanes left, EightLanes right) => new(left._lanes * right._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static EightLanes operator /(EightLanes left, EightLanes right) => new(left._lanes / right._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static EightLanes Sqrt(EightLanes numbers) => new(Vector512.Sqrt(numbers._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static EightLanes operator &(EightLanes left, EightLanes right) => new(left._lanes & right._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static EightLanes operator |(EightLanes left, EightLanes right) => new(left._lanes | right._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static EightLanes operator ^(EightLanes left, EightLanes right) => new(left._lanes ^ right._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static EightLanes operator <<(EightLanes words, int bits) => new((words._lanes.AsUInt64() << bits).AsDouble());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static EightLanes operator >>>(EightLanes words, int bits) => new((words._lanes.AsUInt64() >>> bits).AsDouble());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static EightLanes AddWords(EightLanes left, EightLanes right) => new((left._lanes.AsUInt64() + right._lanes.AsUInt64()).AsDouble());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static EightLanes MultiplyLower(EightLanes left, EightLanes right) =>
        new(Avx512F.Multiply(left._lanes.AsUInt32(), right._lanes.AsUInt32()).AsDouble());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static EightLanes WhereZero(EightLanes words, EightLanes zero, EightLanes other) =>
        new(Vector512.ConditionalSelect(Vector512.Equals(words._lanes.AsUInt64(), Vector512<ulong>.Zero).AsDouble(), zero._lanes, other._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(EightLanes first, EightLanes second, ref double destination)
    {
        Avx512F.UnpackLow(first._lanes, second._lanes).StoreUnsafe(ref destination);
        Avx512F.UnpackHigh(first._lanes, second._lanes).StoreUnsafe(ref destination, 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(EightLanes first, EightLanes second, ref float destination)
    {
        Vector512.Narrow(Avx512F.UnpackLow(first._lanes, second._lanes), Avx512F.UnpackHigh(first._lanes, second._lanes)).StoreUnsafe(ref destination);
    }
}
