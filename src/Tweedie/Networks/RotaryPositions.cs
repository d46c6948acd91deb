using static TorchSharp.torch;

namespace Tweedie.Networks;

/// <summary>
/// Rotary positions (Su et al. 2021, RoFormer). Numbers i and i + w/2 of a head's query or key are the coordinates of a point, which is turned about zero by
/// place · 10000^(−2i/w). The product of a query and a key then depends on how far apart their tokens stand, and not on where they stand.
/// </summary>
/// <param name="Cosines">The cosine for each place and number: shape (L, w).</param>
/// <param name="Sines">The sine for each place and number: shape (L, w).</param>
internal sealed record RotaryPositions(Tensor Cosines, Tensor Sines)
{
    /// <summary>The rotation of some places.</summary>
    /// <param name="first">The first place.</param>
    /// <param name="count">L, the number of places.</param>
    /// <param name="width">w, the width of a head: an even number.</param>
    /// <param name="type">The element type of queries and keys.</param>
    /// <param name="device">Where they are.</param>
    public static RotaryPositions Create(long first, long count, long width, ScalarType type, Device device)
    {
        using var scope = NewDisposeScope();
        var angles = SinusoidGrid.Angles(TensorArithmetic.Counting(first + count, float32).narrow(0, first, count), (int)width / 2).repeat(1, 2);
        return new(angles.cos().to(type).to(device).MoveToOuterDisposeScope(), angles.sin().to(type).to(device).MoveToOuterDisposeScope());
    }

    /// <summary>Turns queries or keys: (B, heads, L, w) → the same shape.</summary>
    public Tensor Apply(Tensor tokens)
    {
        using var scope = NewDisposeScope();
        var halves = tokens.chunk(2, -1);
        return (tokens * Cosines).Plus(cat([-halves[1], halves[0]], -1) * Sines).MoveToOuterDisposeScope();
    }
}
