using Tweedie.Sampling;

namespace Tweedie.Tests.Sampling;

/// <summary>Compares the polynomials with the platform's functions, which are right to about one unit in the last place (2.2e-16).</summary>
public sealed class BoxMullerTests
{
    private const double Bound = 1e-15;
    private const ulong Words = 1UL << 52; // the number of words that differ in their upper 52 bits

    [Fact]
    public void The_radius_is_right_to_a_relative_error_of_1e_15()
    {
        foreach (var k in Sweep())
        {
            var u = Uniform(k);
            var expected = Math.Sqrt(-2 * Math.Log(u));
            Assert.True(Math.Abs(Radius(u) / expected - 1) < Bound, $"u = {u:R}: {Radius(u):R} instead of {expected:R}");
        }
    }

    [Fact]
    public void The_direction_is_right_to_a_relative_error_of_1e_15()
    {
        foreach (var k in Sweep())
        {
            var (quarter, r) = ((int)(k >> 50), 4 * Uniform(k) - (int)(k >> 50) - 0.5);
            var (sin, cos) = Math.SinCos(Math.PI / 2 * r);
            var (x, y) = quarter switch { 0 => (cos, sin), 1 => (-sin, cos), 2 => (-cos, -sin), _ => (sin, -cos) };
            var computed = Direction(k << 12);
            Assert.True(Math.Abs(computed.Cos / x - 1) < Bound && Math.Abs(computed.Sin / y - 1) < Bound, $"k = {k}: {computed} instead of {(x, y)}");
        }
    }

    [Fact]
    public void The_angle_is_2πu_less_an_eighth_of_a_turn()
    {
        for (var i = 0; i < 64; i++)
        {
            var u = Uniform((ulong)i * (Words / 64) + 12345);
            var (cos, sin) = Direction(((ulong)i * (Words / 64) + 12345) << 12);
            cos.Should().BeApproximately(Math.Cos(2 * Math.PI * u - Math.PI / 4), 1e-14);
            sin.Should().BeApproximately(Math.Sin(2 * Math.PI * u - Math.PI / 4), 1e-14);
        }
    }

    [Fact]
    public void Uniform_numbers_are_symmetric_and_never_0_or_1()
    {
        Uniform(0).Should().Be(Math.ScaleB(1, -53));
        Uniform(Words - 1).Should().Be(1 - Math.ScaleB(1, -53));
        Uniform(Words / 2).Should().Be(1 - Uniform(Words / 2 - 1)).And.Be(0.5 + Math.ScaleB(1, -53));
        Radius(Uniform(0)).Should().BeInRange(8.57, 8.58);
        Radius(Uniform(Words - 1)).Should().BeGreaterThan(1e-8);
    }

    // Both ends, the neighbours of each power of two and of √½ times it, and a million others.
    private static IEnumerable<ulong> Sweep()
    {
        for (var exponent = 0; exponent <= 52; exponent++)
            foreach (var centre in new[] { Math.ScaleB(1, exponent), Math.ScaleB(Math.Sqrt(0.5), exponent), Words - Math.ScaleB(1, exponent) })
                for (var around = -300; around <= 300; around++)
                    if (centre + around is >= 0 and < (double)Words)
                        yield return (ulong)(centre + around);
        for (ulong i = 0; i < 1_000_000; i++)
            yield return (i * 0x9E3779B97F4A7C15) >> 12;
    }

    private static double Uniform(ulong k) => Evaluate(BoxMuller.Uniform(OneLane.Words(k << 12)));

    private static double Radius(double u) => Evaluate(BoxMuller.Radius(OneLane.Numbers(u)));

    private static (double Cos, double Sin) Direction(ulong word)
    {
        BoxMuller.Direction(OneLane.Words(word), out var cos, out var sin);
        return (Evaluate(cos), Evaluate(sin));
    }

    private static double Evaluate(OneLane lane)
    {
        Span<double> pair = stackalloc double[2];
        OneLane.Store(lane, lane, ref pair[0]);
        return pair[0];
    }
}
