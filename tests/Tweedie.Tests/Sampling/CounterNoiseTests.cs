using System.Runtime.Intrinsics.X86;
using Tweedie.Sampling;

namespace Tweedie.Tests.Sampling;

public sealed class CounterNoiseTests
{
    private static readonly CounterNoise _noise = new(0x0123456789ABCDEF, 7, 3);

    [Fact]
    public void The_numbers_are_the_known_ones_to_the_bit()
    {
        var cases = NoiseGolden.Read();

        cases.Should().HaveCountGreaterThanOrEqualTo(10);
        foreach (var known in cases)
        {
            var noise = new CounterNoise(known.Seed, known.Step, known.Purpose);
            var (doubles, floats) = (new double[known.Normal64.Length], new float[known.Normal32.Length]);
            noise.FillUniform(doubles, known.First);
            doubles.Select(BitConverter.DoubleToUInt64Bits).Should().Equal(known.Uniform64);
            noise.FillNormal(doubles, known.First);
            doubles.Select(BitConverter.DoubleToUInt64Bits).Should().Equal(known.Normal64);
            noise.FillNormal(floats, known.First);
            floats.Select(BitConverter.SingleToUInt32Bits).Should().Equal(known.Normal32);
        }
    }

    [Fact]
    public void Four_lanes_compute_the_same_bits_as_one()
    {
        Assert.SkipUnless(Avx2.IsSupported, "needs a processor with AVX2");
        SameAsOneLane<FourLanes>();
    }

    [Fact]
    public void Eight_lanes_compute_the_same_bits_as_one()
    {
        Assert.SkipUnless(Avx512F.IsSupported, "needs a processor with AVX-512");
        SameAsOneLane<EightLanes>();
    }

    [Fact]
    public void Every_piece_of_a_range_equals_that_part_of_the_whole()
    {
        var (uniform, normal, rounded) = (new double[80], new double[80], new float[80]);
        _noise.FillUniform(uniform, 1_000);
        _noise.FillNormal(normal, 1_000);
        _noise.FillNormal(rounded, 1_000);

        for (var first = 0; first < 20; first++)
            for (var count = 0; count <= 80 - first; count++)
            {
                var (doubles, floats) = (new double[count], new float[count]);
                _noise.FillUniform(doubles, 1_000 + first);
                Assert.True(doubles.AsSpan().SequenceEqual(uniform.AsSpan(first, count)), $"uniform, {count} from {first}");
                _noise.FillNormal(doubles, 1_000 + first);
                Assert.True(doubles.AsSpan().SequenceEqual(normal.AsSpan(first, count)), $"normal, {count} from {first}");
                _noise.FillNormal(floats, 1_000 + first);
                Assert.True(floats.AsSpan().SequenceEqual(rounded.AsSpan(first, count)), $"float, {count} from {first}");
            }
    }

    [Fact]
    public void Floats_are_the_rounded_doubles()
    {
        var (doubles, floats) = (new double[1_001], new float[1_001]);
        _noise.FillNormal(doubles);
        _noise.FillNormal(floats);

        floats.Should().Equal(doubles.Select(number => (float)number));
    }

    [Fact]
    public void Nothing_is_written_beside_the_span()
    {
        var floats = Enumerable.Repeat(float.NaN, 64).ToArray();

        _noise.FillNormal(floats.AsSpan(10, 37), 5);

        floats.Select(float.IsNaN).Should().Equal(Enumerable.Range(0, 64).Select(i => i is < 10 or >= 47));
    }

    [Fact]
    public void Filling_allocates_nothing()
    {
        var (doubles, floats) = (new double[101], new float[101]);
        void FillAll()
        {
            _noise.FillUniform(doubles, 1);
            _noise.FillNormal(doubles, 1);
            _noise.FillNormal(floats, 1);
        }

        FillAll();
        var before = GC.GetAllocatedBytesForCurrentThread();
        FillAll();
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().Be(0);
    }

    [Fact]
    public void An_index_out_of_range_is_refused()
    {
        _noise.Invoking(noise => noise.FillNormal(new float[1], -1)).Should().Throw<ArgumentOutOfRangeException>();
        _noise.Invoking(noise => noise.FillUniform(new double[2], long.MaxValue - 1)).Should().Throw<ArgumentOutOfRangeException>();
        _noise.FillUniform(new double[1], long.MaxValue - 1);
    }

    private static void SameAsOneLane<T>() where T : struct, ILanes<T>
    {
        const int Count = 100_003;
        // at 2^33 − 9 the lower words of the blocks overflow
        const long First = (1L << 33) - 9;
        var (doubles, floats, oneByOne, floatsOneByOne) = (new double[Count], new float[Count], new double[Count], new float[Count]);

        NumberRange.Fill<double, UniformDraw, T>(_noise, doubles, First);
        NumberRange.Fill<double, UniformDraw, OneLane>(_noise, oneByOne, First);
        Assert.True(doubles.AsSpan().SequenceEqual(oneByOne));
        NumberRange.Fill<double, NormalDraw, T>(_noise, doubles, First);
        NumberRange.Fill<double, NormalDraw, OneLane>(_noise, oneByOne, First);
        Assert.True(doubles.AsSpan().SequenceEqual(oneByOne));
        NumberRange.Fill<float, NormalDraw, T>(_noise, floats, First);
        NumberRange.Fill<float, NormalDraw, OneLane>(_noise, floatsOneByOne, First);
        Assert.True(floats.AsSpan().SequenceEqual(floatsOneByOne));
    }
}
