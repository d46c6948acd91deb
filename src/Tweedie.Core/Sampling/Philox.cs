using System.Runtime.CompilerServices;

namespace Tweedie.Sampling;

/// <summary>
/// Philox4x32-10: for each 64-bit key a bijection of 128-bit counters whose outputs pass as random (Salmon, Moraes, Dror, Shaw,
/// "Parallel random numbers: as easy as 1, 2, 3", SC 2011). The key is the seed, the counter is (block, step, purpose).
/// </summary>
internal static class Philox
{
    /// <summary>How often the counter is mixed.</summary>
    public const int Rounds = 10;

    /// <summary>The four random words of each lane's block, as two words of 64 bits with the earlier word in the lower half.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Mix<T>(in RoundKeys keys, int step, int purpose, T blocks, out T first, out T second) where T : struct, ILanes<T>
    {
        var (word0, word1, word2, word3) = (blocks, blocks >>> 32, T.Words((uint)step), T.Words((uint)purpose));
        for (var i = 1; i < 2 * Rounds; i += 2)
            Round(keys, i, ref word0, ref word1, ref word2, ref word3);
        first = Join(word0, word1);
        second = Join(word2, word3);
    }

    /// <summary>The same for two groups of blocks at once, because a round has to wait for the products of the round before it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Mix<T>(
        in RoundKeys keys, int step, int purpose, T blocks, T otherBlocks, out T first, out T second, out T otherFirst, out T otherSecond)
        where T : struct, ILanes<T>
    {
        var (word0, word1, word2, word3) = (blocks, blocks >>> 32, T.Words((uint)step), T.Words((uint)purpose));
        var (other0, other1, other2, other3) = (otherBlocks, otherBlocks >>> 32, T.Words((uint)step), T.Words((uint)purpose));
        for (var i = 1; i < 2 * Rounds; i += 2)
        {
            Round(keys, i, ref word0, ref word1, ref word2, ref word3);
            Round(keys, i, ref other0, ref other1, ref other2, ref other3);
        }

        first = Join(word0, word1);
        second = Join(word2, word3);
        otherFirst = Join(other0, other1);
        otherSecond = Join(other2, other3);
    }

    // The upper half of a lane does not matter until the words are joined.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Round<T>(in RoundKeys keys, int last, ref T word0, ref T word1, ref T word2, ref T word3) where T : struct, ILanes<T>
    {
        var product0 = T.MultiplyLower(word0, T.Words(0xD2511F53));
        var product1 = T.MultiplyLower(word2, T.Words(0xCD9E8D57));
        word0 = (product1 >>> 32) ^ word1 ^ T.Words(keys[last - 1]);
        word1 = product1;
        word2 = (product0 >>> 32) ^ word3 ^ T.Words(keys[last]);
        word3 = product0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Join<T>(T lower, T upper) where T : struct, ILanes<T> => (lower & T.Words(uint.MaxValue)) | (upper << 32);
}
