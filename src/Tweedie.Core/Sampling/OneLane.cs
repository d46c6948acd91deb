using System.Runtime.CompilerServices;

namespace Tweedie.Sampling;

/// <summary>One lane, for any processor and for the ends of a range.</summary>
internal readonly struct OneLane(double number) : ILanes<OneLane>
{
    private readonly double _number = number;

    private OneLane(ulong word) : this(BitConverter.UInt64BitsToDouble(word)) { }

    private ulong Word => BitConverter.DoubleToUInt64Bits(_number);

    public static int Count => 1;

    public static OneLane Order => new(0UL);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane Words(ulong word) => new(word);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane Numbers(double number) => new(number);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane operator +(OneLane left, OneLane right) => new(left._number + right._number);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane operator -(OneLane left, OneLane right) => new(left._number - right._number);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane operator *(OneLane left, OneLane right) => new(left._number * right._number);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane operator /(OneLane left, OneLane right) => new(left._number / right._number);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane Sqrt(OneLane numbers) => new(Math.Sqrt(numbers._number));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane operator &(OneLane left, OneLane right) => new(left.Word & right.Word);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane operator |(OneLane left, OneLane right) => new(left.Word | right.Word);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane operator ^(OneLane left, OneLane right) => new(left.Word ^ right.Word);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane operator <<(OneLane words, int bits) => new(words.Word << bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane operator >>>(OneLane words, int bits) => new(words.Word >> bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane AddWords(OneLane left, OneLane right) => new(left.Word + right.Word);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane MultiplyLower(OneLane left, OneLane right) => new((uint)left.Word * (ulong)(uint)right.Word);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane WhereZero(OneLane words, OneLane zero, OneLane other) => words.Word == 0 ? zero : other;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(OneLane first, OneLane second, ref double destination)
    {
        destination = first._number;
        Unsafe.Add(ref destination, 1) = second._number;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(OneLane first, OneLane second, ref float destination)
    {
        destination = (float)first._number;
        Unsafe.Add(ref destination, 1) = (float)second._number;
    }
}
