namespace Tweedie.Tests.Data;

public sealed class SampleRandomTests
{
    [Fact]
    public void The_bits_are_those_of_SplitMix64()
    {
        var random = new SampleRandom(1234567);

        Enumerable.Range(0, 4).Select(_ => random.NextUInt64()).Should()
            .Equal(6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431);
    }

    [Fact]
    public void Integers_are_uniform_and_reach_both_ends()
    {
        var random = new SampleRandom(1);
        var counts = new int[7];
        for (var i = 0; i < 70_000; i++)
            counts[random.NextInt(7)]++;

        counts.Should().OnlyContain(count => Math.Abs(count - 10_000) < 500); // 5 standard deviations
    }

    [Fact]
    public void Normal_draws_have_mean_0_and_variance_1()
    {
        var random = new SampleRandom(2);
        var draws = Enumerable.Range(0, 100_000).Select(_ => random.NextNormal()).ToArray();

        draws.Average().Should().BeApproximately(0, 0.016);
        draws.Average(x => x * x).Should().BeApproximately(1, 0.023);
        draws.Average(x => x * x * x * x).Should().BeApproximately(3, 0.16); // a normal distribution's kurtosis
    }

    [Theory]
    [InlineData(0.2, 0.2)]
    [InlineData(0.8, 0.8)]
    [InlineData(1, 1)]
    [InlineData(2, 5)]
    public void Beta_draws_have_the_right_mean_and_variance(double a, double b)
    {
        var random = new SampleRandom(3);
        var draws = Enumerable.Range(0, 100_000).Select(_ => random.NextBeta(a, b)).ToArray();
        var mean = a / (a + b);
        var variance = mean * (1 - mean) / (a + b + 1);

        draws.Should().OnlyContain(x => x >= 0 && x <= 1);
        draws.Average().Should().BeApproximately(mean, 5 * Math.Sqrt(variance / draws.Length));
        draws.Average(x => (x - mean) * (x - mean)).Should().BeApproximately(variance, 0.03 * variance);
    }

    [Fact]
    public void Beta_draws_of_tiny_parameters_are_0_or_1()
    {
        var random = new SampleRandom(4);
        var draws = Enumerable.Range(0, 1000).Select(_ => random.NextBeta(1e-4, 1e-4)).ToArray();

        draws.Count(x => x < 1e-9 || x > 1 - 1e-9).Should().BeGreaterThan(980);
        draws.Average().Should().BeApproximately(0.5, 0.08);
    }

    [Fact]
    public void Probabilities_0_and_1_are_never_and_always()
    {
        var random = new SampleRandom(3);

        Enumerable.Range(0, 1000).Should().OnlyContain(_ => !random.NextBool(0) && random.NextBool(1));
    }

    [Fact]
    public void A_shuffle_reaches_every_order_equally_often()
    {
        var random = new SampleRandom(4);
        var orders = new Dictionary<string, int>();
        for (var i = 0; i < 24_000; i++)
        {
            char[] items = ['a', 'b', 'c', 'd'];
            random.Shuffle<char>(items);
            orders[new string(items)] = orders.GetValueOrDefault(new string(items)) + 1;
        }

        orders.Should().HaveCount(24);
        orders.Values.Should().OnlyContain(count => Math.Abs(count - 1000) < 160); // 5 standard deviations
    }
}
