using System.Runtime.CompilerServices;

namespace Tweedie.Sampling;

/// <summary>The two key words of each round of <see cref="Philox"/>, one after the other.</summary>
[InlineArray(2 * Philox.Rounds)]
internal struct RoundKeys
{
    private const uint Step0 = 0x9E3779B9; // 2^32 over the golden ratio
    private const uint Step1 = 0xBB67AE85; // 2^32·(√3 − 1)

    private ulong _word;

    /// <summary>The keys of a seed, whose lower half is the first round's first word.</summary>
    public static RoundKeys Of(long seed)
    {
        var keys = default(RoundKeys);
        var (word0, word1) = ((uint)seed, (uint)(seed >>> 32));
        for (var i = 0; i < 2 * Philox.Rounds; i += 2)
        {
            (keys[i], keys[i + 1]) = (word0, word1);
            word0 += Step0;
            word1 += Step1;
        }

        return keys;
    }
}
