using TorchSharp;
using static TorchSharp.torch;

namespace Tweedie.Tests;

/// <summary>What tests compute beyond <see cref="TensorArithmetic"/>, also with numbers that live as long as they are read.</summary>
internal static class TestArithmetic
{
    /// <summary>a²</summary>
    public static Tensor Squared(this Tensor a) => a * a;

    /// <summary>a mod number</summary>
    public static Tensor Modulo(this Tensor a, long number)
    {
        using Scalar kept = number;
        return a.remainder(kept);
    }

    /// <summary>a := number, in every entry.</summary>
    public static Tensor Fill(this Tensor a, double number)
    {
        using Scalar kept = number;
        return a.fill_(kept);
    }
}
