namespace Tweedie.Tokens;

/// <summary>
/// A pseudo-random permutation of 0 … count − 1 that is computed element by element: a Feistel network (Luby and Rackoff 1988) over the next even power of two,
/// walked until it is inside the range (Black and Rogaway 2002).
/// </summary>
internal static class RandomPermutation
{
    private const int Rounds = 6;

    /// <summary>Where the permutation takes an element.</summary>
    public static int Of(int index, int count, long seed)
    {
        var half = 1;
        while (1L << (2 * half) < count)
            half++;
        var mask = (1L << half) - 1;
        var value = (long)index;
        do
        {
            var (left, right) = (value >> half, value & mask);
            for (var round = 0; round < Rounds; round++)
                (left, right) = (right, left ^ ((long)Seeds.Mix((ulong)seed ^ Seeds.Mix((ulong)(right * Rounds + round))) & mask));
            value = (left << half) | right;
        }
        while (value >= count);
        return (int)value;
    }
}
