namespace Tweedie;

/// <summary>
/// A small random generator for one sample, seeded from <see cref="Seeds.Derive"/>: SplitMix64 (Steele, Lea, Flood, OOPSLA 2014).
/// The same seed gives the same draws on every platform. Not thread-safe; give each sample its own.
/// </summary>
/// <param name="seed">The derived seed.</param>
public sealed class SampleRandom(long seed)
{
    private ulong _state = (ulong)seed;

    /// <summary>The next 64 random bits.</summary>
    public ulong NextUInt64()
    {
        var bits = Seeds.Mix(_state);
        _state += Seeds.Increment;
        return bits;
    }

    /// <summary>A uniform integer in [0, <paramref name="exclusiveMaximum"/>).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The maximum is not positive.</exception>
    public int NextInt(int exclusiveMaximum)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(exclusiveMaximum);
        // The high half of a 64 x 32 bit product; its bias is below 2^-33.
        return (int)Math.BigMul(NextUInt64(), (ulong)exclusiveMaximum, out _);
    }

    /// <summary>A uniform number in [0, 1), a multiple of 2^-53.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1L << 53));

    /// <summary>A uniform number in [<paramref name="minimum"/>, <paramref name="maximum"/>).</summary>
    public double NextDouble(double minimum, double maximum) => minimum + (maximum - minimum) * NextDouble();

    /// <summary>True with the given probability: never for 0, always for 1.</summary>
    public bool NextBool(double probability) => NextDouble() < probability;

    /// <summary>A standard normal draw (Box and Muller 1958).</summary>
    public double NextNormal()
    {
        var radius = Math.Sqrt(-2 * Math.Log(1 - NextDouble())); // 1 - u lies in (0, 1]
        return radius * Math.Cos(Math.Tau * NextDouble());
    }

    /// <summary>A draw from Beta(<paramref name="a"/>, <paramref name="b"/>), in [0, 1].</summary>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is not positive.</exception>
    public double NextBeta(double a, double b)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(a);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(b);
        // X / (X + Y) of two gamma draws. They are drawn as logarithms, because draws of small shapes underflow.
        var (x, y) = (NextLogGamma(a), NextLogGamma(b));
        return 1 / (1 + Math.Exp(y - x));
    }

    /// <summary>Puts the items into uniformly random order (Fisher and Yates).</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (var last = items.Length - 1; last > 0; last--)
        {
            var other = NextInt(last + 1);
            (items[last], items[other]) = (items[other], items[last]);
        }
    }

    /// <summary>The logarithm of a draw from Gamma(shape, 1) (Marsaglia and Tsang 2000).</summary>
    private double NextLogGamma(double shape)
    {
        if (shape < 1)
            return NextLogGamma(shape + 1) + Math.Log(1 - NextDouble()) / shape;
        var d = shape - 1.0 / 3;
        while (true)
        {
            var x = NextNormal();
            var v = Math.Pow(1 + x / Math.Sqrt(9 * d), 3);
            if (v > 0 && Math.Log(1 - NextDouble()) < x * x / 2 + d - d * v + d * Math.Log(v))
                return Math.Log(d * v);
        }
    }
}
