using Tweedie.Data;

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
