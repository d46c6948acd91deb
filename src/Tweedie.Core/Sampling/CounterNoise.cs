namespace Tweedie.Sampling;

/// <summary>
/// An endless row of random numbers. Each number is a pure function of (seed, step, purpose, index). An item with its own seed
/// therefore gets the same noise in every batch, and any part of a row can be computed without the rest. The numbers are the same to the bit on
/// every platform and in every language with IEEE 754 arithmetic: docs/noise.md says how they are computed.
/// </summary>
/// <remarks>
/// The type is immutable, so threads may share it, and filling allocates nothing. Streams that differ in the seed, the step or the purpose are
/// independent. Uniform and normal numbers of one stream come from the same random bits: use another purpose where both are needed.
/// The generator (Philox4x32-10, Salmon et al., SC 2011) is fit for sampling, not for secrets.
/// </remarks>
/// <param name="Seed">The seed of the item or the run; all 64 bits count.</param>
/// <param name="Step">The step, for example of the reverse process; all 32 bits count.</param>
/// <param name="Purpose">The use of the numbers within the step; all 32 bits count.</param>
public readonly record struct CounterNoise(long Seed, int Step, int Purpose)
{
    /// <summary>Fills a span with the uniform numbers at <paramref name="first"/>, <paramref name="first"/> + 1, …</summary>
    /// <param name="destination">Receives values (k + ½)/2⁵², 0 ≤ k &lt; 2⁵²: never 0 nor 1, so that the logarithms of u and 1 − u are finite.</param>
    /// <param name="first">The index of the first number, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The index is negative, or the last index would exceed <see cref="long.MaxValue"/>.</exception>
    public void FillUniform(Span<double> destination, long first = 0) => Fill<double, UniformDraw>(destination, first);

    /// <summary>Fills a span with the standard normal numbers at <paramref name="first"/>, <paramref name="first"/> + 1, …</summary>
    /// <param name="destination">
    /// Receives values of magnitude below 8.58. As functions of their two uniform numbers (Box and Muller) their relative error is below 1e-15.
    /// </param>
    /// <param name="first">The index of the first number, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The index is negative, or the last index would exceed <see cref="long.MaxValue"/>.</exception>
    public void FillNormal(Span<double> destination, long first = 0) => Fill<double, NormalDraw>(destination, first);

    /// <summary>Fills a span with the same standard normal numbers, rounded to float32.</summary>
    /// <inheritdoc cref="FillNormal(Span{double}, long)"/>
    public void FillNormal(Span<float> destination, long first = 0) => Fill<float, NormalDraw>(destination, first);

    private void Fill<TNumber, TDraw>(Span<TNumber> destination, long first) where TNumber : unmanaged where TDraw : IDraw<TNumber>
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first, long.MaxValue - destination.Length);
        NumberRange.Fill<TNumber, TDraw>(this, destination, first);
    }
}
