using TorchSharp;
using static TorchSharp.torch;

namespace Tweedie;

/// <summary>
/// Tensor arithmetic with numbers that live as long as they are read. TorchSharp 0.107 turns the 2 of <c>2 * tensor</c>, and a 1 that it adds itself to
/// <c>tensor + tensor</c>, into a native object, passes its address to libtorch and keeps nothing alive. If a garbage collection runs at that moment, the
/// finalizer frees the number that libtorch is about to read, and the call throws ("Expected false to be true") or computes with another number. This library
/// uses these methods, or a <c>using Scalar</c>, wherever it computes with a number or adds tensors; code that extends it should do the same. <c>*</c>,
/// <c>-</c>, <c>/</c> and comparisons of two tensors need no number and stay operators.
/// </summary>
public static class TensorArithmetic
{
    /// <summary>1: what TorchSharp multiplies an addend with.</summary>
    public static Scalar One { get; } = 1;

    /// <summary>a + b</summary>
    public static Tensor Plus(this Tensor a, Tensor b) => a.add(b, One);

    /// <summary>a + factor·b</summary>
    public static Tensor Plus(this Tensor a, Tensor b, double factor)
    {
        using Scalar kept = factor;
        return a.add(b, kept);
    }

    /// <summary>a + number</summary>
    public static Tensor Plus(this Tensor a, double number)
    {
        using Scalar kept = number;
        return a.add(kept, One);
    }

    /// <summary>a + number, of whole numbers.</summary>
    public static Tensor Plus(this Tensor a, long number)
    {
        using Scalar kept = number;
        return a.add(kept, One);
    }

    /// <summary>number − a</summary>
    public static Tensor SubtractedFrom(this Tensor a, double number)
    {
        using var negative = a.neg();
        return negative.Plus(number);
    }

    /// <summary>number · a</summary>
    public static Tensor Times(this Tensor a, double number)
    {
        using Scalar kept = number;
        return a.mul(kept);
    }

    /// <summary>number · a, of whole numbers.</summary>
    public static Tensor Times(this Tensor a, long number)
    {
        using Scalar kept = number;
        return a.mul(kept);
    }

    /// <summary>a / number</summary>
    public static Tensor Over(this Tensor a, double number)
    {
        using Scalar kept = number;
        return a.div(kept);
    }

    /// <summary>a := a + b</summary>
    public static Tensor Increase(this Tensor a, Tensor b) => a.add_(b, One);

    /// <summary>a := a + factor·b</summary>
    public static Tensor Increase(this Tensor a, Tensor b, double factor)
    {
        using Scalar kept = factor;
        return a.add_(b, kept);
    }

    /// <summary>a := number · a</summary>
    public static Tensor Scale(this Tensor a, double number)
    {
        using Scalar kept = number;
        return a.mul_(kept);
    }

    /// <summary>a = number, entry by entry.</summary>
    public static Tensor Is(this Tensor a, long number)
    {
        using Scalar kept = number;
        return a.eq(kept);
    }

    /// <summary>a &lt; number, entry by entry.</summary>
    public static Tensor IsBelow(this Tensor a, double number)
    {
        using Scalar kept = number;
        return a.lt(kept);
    }

    /// <summary>a &lt; number, entry by entry, of whole numbers.</summary>
    public static Tensor IsBelow(this Tensor a, long number)
    {
        using Scalar kept = number;
        return a.lt(kept);
    }

    /// <summary>A tensor of one number.</summary>
    public static Tensor Filled(long[] shape, double number, ScalarType type, Device device)
    {
        using Scalar kept = number;
        return full(shape, kept, type, device);
    }

    /// <summary>A tensor of one whole number.</summary>
    public static Tensor Filled(long[] shape, long number, ScalarType type, Device device)
    {
        using Scalar kept = number;
        return full(shape, kept, type, device);
    }

    /// <summary>0, 1, …, count − 1</summary>
    public static Tensor Counting(long count, ScalarType type, Device? device = null)
    {
        using Scalar start = 0, end = count;
        return arange(start, end, One, type, device);
    }
}
