using static TorchSharp.torch;

namespace Tweedie.Networks;

/// <summary>
/// Positions as sines and cosines (Vaswani et al. 2017): those of a square grid of its two coordinates (He et al. 2022),
/// half of the width for the row, half for the column, frequencies from 1 down to 1/10000.
/// </summary>
internal static class SinusoidGrid
{
    private const double MaximumPeriod = 10_000;

    /// <summary>Shape (side·side, width), row by row, float32; where 4 does not divide the width, the last columns are zero.</summary>
    public static Tensor Create(int side, int width)
    {
        using var scope = NewDisposeScope();
        var coordinates = Sinusoids(side, width / 4); // (side, width/2)
        var rows = coordinates.repeat_interleave(side, 0);
        var columns = coordinates.repeat(side, 1);
        return cat([rows, columns, zeros(side * side, width % 4)], 1).MoveToOuterDisposeScope();
    }

    /// <summary>Positions in a row: shape (length, width), float32; where 2 does not divide the width, the last column is zero.</summary>
    public static Tensor CreateRow(int length, int width)
    {
        using var scope = NewDisposeScope();
        return cat([Sinusoids(length, width / 2), zeros(length, width % 2)], 1).MoveToOuterDisposeScope();
    }

    /// <summary>The angle of each place at each frequency: shape (places, frequencies), float32.</summary>
    /// <param name="places">Shape (places).</param>
    /// <param name="frequencies">The number of frequencies.</param>
    public static Tensor Angles(Tensor places, int frequencies) =>
        places.unsqueeze(1) * TensorArithmetic.Counting(frequencies, float32).Times(-Math.Log(MaximumPeriod) / frequencies).exp();

    private static Tensor Sinusoids(int length, int frequencies)
    {
        var angles = Angles(TensorArithmetic.Counting(length, float32), frequencies);
        return cat([angles.sin(), angles.cos()], 1);
    }
}
