namespace Tweedie;

/// <summary>
/// Stateless seeds: each is a pure function of the run's seed and of what is being drawn, and does not depend on the order of threads.
/// A resumed run therefore needs no saved generator state.
/// </summary>
public static class Seeds
{
    /// <summary>Derives a seed from a run's seed, a purpose and the coordinates of the draw (epoch, sample, step, …).</summary>
    public static long Derive(long seed, SeedPurpose purpose, params ReadOnlySpan<long> coordinates)
    {
        var hash = Mix((ulong)seed ^ Mix((ulong)purpose));
        foreach (var coordinate in coordinates)
            hash = Mix(hash ^ Mix((ulong)coordinate + Increment));
        return (long)(hash >> 1); // non-negative: torch reads seeds as signed
    }

    /// <summary>The step of SplitMix64's sequence, 2^64 over the golden ratio.</summary>
    internal const ulong Increment = 0x9E3779B97F4A7C15;

    /// <summary>The finalizer of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014), on the next element of its sequence: a bijection of 64 bits.</summary>
    public static ulong Mix(ulong value)
    {
        value += Increment;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
