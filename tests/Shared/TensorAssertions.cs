using static TorchSharp.torch;

namespace Tweedie.Tests;

/// <summary>Comparisons of tensors that say how far apart the values are.</summary>
internal static class TensorAssertions
{
    /// <summary>Asserts the same shape, and each entry within <paramref name="tolerance"/>.</summary>
    public static void ShouldBeWithin(this Tensor actual, double tolerance, Tensor expected)
    {
        using var scope = NewDisposeScope();
        actual.shape.Should().Equal(expected.shape);
        (actual.to(float64) - expected.to(float64)).abs().max().item<double>().Should().BeLessThanOrEqualTo(tolerance);
    }

    /// <summary>Asserts the same shape and exactly the same values.</summary>
    public static void ShouldEqual(this Tensor actual, Tensor expected) => actual.ShouldBeWithin(0, expected);

    /// <summary>Asserts the same shape, and that not all values are the same.</summary>
    public static void ShouldNotEqual(this Tensor actual, Tensor other)
    {
        using var scope = NewDisposeScope();
        actual.shape.Should().Equal(other.shape);
        actual.eq(other).all().item<bool>().Should().BeFalse();
    }

    /// <summary>All values of an int64 tensor.</summary>
    public static long[] Longs(this Tensor tensor) => tensor.data<long>().ToArray();
}
