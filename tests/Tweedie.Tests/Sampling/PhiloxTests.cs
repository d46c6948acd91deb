using Tweedie.Sampling;

namespace Tweedie.Tests.Sampling;

/// <summary>The known answers of Random123 (kat_vectors, philox4x32 with 10 rounds).</summary>
public sealed class PhiloxTests
{
    [Theory]
    [InlineData(0x00000000_00000000, 0x00000000_00000000, 0x00000000, 0x00000000, 0xe169c58d_6627e8d5, 0x9b00dbd8_bc57ac4c)]
    [InlineData(0xffffffff_ffffffff, 0xffffffff_ffffffff, 0xffffffff, 0xffffffff, 0x41c83b0e_408f276d, 0x6d5451fd_a20bc7c6)]
    [InlineData(0x299f31d0_a4093822, 0x85a308d3_243f6a88, 0x13198a2e, 0x03707344, 0x94fdcceb_d16cfe09, 0x24126ea1_5001e420)]
    public void The_words_are_those_of_Random123(ulong key, ulong block, uint step, uint purpose, ulong first, ulong second)
    {
        var keys = RoundKeys.Of((long)key);

        Philox.Mix(keys, (int)step, (int)purpose, OneLane.Words(block), out var words0, out var words1);

        var written = new double[2];
        OneLane.Store(words0, words1, ref written[0]);
        written.Select(BitConverter.DoubleToUInt64Bits).Should().Equal(first, second);
    }
}
