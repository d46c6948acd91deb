using Tweedie.Sampling;

namespace Tweedie.Tests.Sampling;

/// <summary>The seeds are fixed, so the results never change. For each check there is a wrong sample that it finds.</summary>
public sealed class NoiseStatisticsTests
{
    private const int Count = 1 << 20;
    private const double Limit = 4.5; // standard errors
    private static readonly double[] _sample = Normal(1, 0, 0);

    [Fact]
    public void The_moments_are_those_of_the_normal_distribution()
    {
        NormalChecks.Moments(_sample).Should().BeLessThan(Limit);

        NormalChecks.Moments([.. _sample.Select(x => 1.01 * x)]).Should().BeGreaterThan(Limit);
        NormalChecks.Moments([.. _sample.Select(x => x + 0.01)]).Should().BeGreaterThan(Limit);
    }

    [Fact]
    public void The_distribution_is_normal()
    {
        NormalChecks.KolmogorovSmirnov(_sample, NormalChecks.Distribution).Should().BeLessThan(2.2);

        NormalChecks.KolmogorovSmirnov([.. _sample.Select(x => x + 0.01 * Math.Sin(3 * x))], NormalChecks.Distribution).Should().BeGreaterThan(2.2);
    }

    [Fact]
    public void Uniform_numbers_are_uniform()
    {
        var sample = new double[Count];
        new CounterNoise(2, 0, 0).FillUniform(sample);

        NormalChecks.KolmogorovSmirnov(sample, x => x).Should().BeLessThan(2.2);
        NormalChecks.KolmogorovSmirnov([.. sample.Select(x => Math.Pow(x, 1.01))], x => x).Should().BeGreaterThan(2.2);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public void The_tails_have_their_share(double limit)
    {
        NormalChecks.Tail(_sample, limit).Should().BeLessThan(Limit);

        NormalChecks.Tail([.. _sample.Select(x => Math.Clamp(x, -limit, limit))], limit).Should().BeGreaterThan(Limit);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(8)]
    [InlineData(16)]
    public void Neighbouring_elements_are_independent(int distance) =>
        NormalChecks.Correlation(_sample.AsSpan(distance), _sample.AsSpan(0, Count - distance)).Should().BeLessThan(Limit);

    [Theory]
    [InlineData(2, 0, 0)]
    [InlineData(0, 0, 0)]
    [InlineData(1L << 32 | 1, 0, 0)]
    [InlineData(1, 1, 0)]
    [InlineData(1, 1 << 31, 0)]
    [InlineData(1, 0, 1)]
    [InlineData(1, 0, 1 << 31)]
    public void Streams_that_differ_in_one_part_are_independent(long seed, int step, int purpose) =>
        NormalChecks.Correlation(_sample, Normal(seed, step, purpose)).Should().BeLessThan(Limit);

    [Fact]
    public void A_weak_correlation_would_be_found()
    {
        var other = Normal(2, 0, 0);
        double[] same = [.. other.Zip(_sample, (x, y) => x + 0.01 * y)];
        double[] sameSize = [.. other.Zip(_sample, (x, y) => x * (1 + 0.01 * (y * y - 1)))];

        NormalChecks.Correlation(_sample, same).Should().BeGreaterThan(Limit);
        NormalChecks.Correlation(_sample, sameSize).Should().BeGreaterThan(Limit);
    }

    private static double[] Normal(long seed, int step, int purpose)
    {
        var numbers = new double[Count];
        new CounterNoise(seed, step, purpose).FillNormal(numbers);
        return numbers;
    }
}
