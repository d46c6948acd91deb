using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Tweedie.Sampling;

/// <summary>Four lanes, for processors with AVX2.</summary>
internal readonly struct FourLanes(Vector256<double> lanes) : ILanes<FourLanes>
{
    private readonly Vector256<double> _lanes = lanes;

    public static int Count => Vector256<ulong>.Count;

    public static FourLanes Order => new(Vector256.Create(0UL, 2, 1, 3).AsDouble());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FourLanes Words(ulong word) => new(Vector256.Create(word).AsDouble());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FourLanes Numbers(double number) => new(Vector256.Create(number));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FourLanes operator +(FourLanes left, FourLanes right) => new(left._lanes + right._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FourLanes operator -(FourLanes left, FourLanes right) => new(left._lanes - right._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FourLanes operator *(FourLanes left, FourLanes right) => new(left._lanes * right._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FourLanes operator /(FourLanes left, FourLanes right) => new(left._lanes / right._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FourLanes Sqrt(FourLanes numbers) => new(Vector256.Sqrt(numbers._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FourLanes operator &(FourLanes left, FourLanes right) => new(left._lanes & right._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FourLanes operator |(FourLanes left, FourLanes right) => new(left._lanes | right._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FourLanes operator ^(FourLanes left, FourLanes right) => new(left._lanes ^ right._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FourLanes operator <<(FourLanes words, int bits) => new((words._lanes.AsUInt64() << bits).AsDouble());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FourLanes operator >>>(FourLanes words, int bits) => new((words._lanes.AsUInt64() >>> bits).AsDouble());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FourLanes AddWords(FourLanes left, FourLanes right) => new((left._lanes.AsUInt64() + right._lanes.AsUInt64()).AsDouble());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FourLanes MultiplyLower(FourLanes left, FourLanes right) =>
        new(Avx2.Multiply(left._lanes.AsUInt32(), right._lanes.AsUInt32()).AsDouble());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FourLanes WhereZero(FourLanes words, FourLanes zero, FourLanes other) =>
        new(Vector256.ConditionalSelect(Vector256.Equals(words._lanes.AsUInt64(), Vector256<ulong>.Zero).AsDouble(), zero._lanes, other._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(FourLanes first, FourLanes second, ref double destination)
    {
        Avx.UnpackLow(first._lanes, second._lanes).StoreUnsafe(ref destination);
        Avx.UnpackHigh(first._lanes, second._lanes).StoreUnsafe(ref destination, 4);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(FourLanes first, FourLanes second, ref float destination)
    {
        Vector256.Narrow(Avx.UnpackLow(first._lanes, second._lanes), Avx.UnpackHigh(first._lanes, second._lanes)).StoreUnsafe(ref destination);
    }
}
