using Tweedie.Metrics;

namespace Tweedie.Tests.Metrics;

public sealed class RatioOfSumsTests
{
    [Fact]
    public void Groups_of_one_size_have_the_standard_error_of_the_mean()
    {
        double[] values = [2, 4, 9];
        var ratio = RatioOfSums.Of(values, [1, 1, 1]);

        ratio.Value.Should().Be(5);
        ratio.StandardError.Should().BeApproximately(Math.Sqrt((9 + 1 + 16) / 2.0 / 3), 1e-12);
        RatioOfSums.Of([.. values.Select(value => 10 * value)], [10, 10, 10]).Should().Be(ratio);
    }

    [Fact]
    public void Larger_groups_count_more_and_groups_of_one_ratio_have_no_error()
    {
        RatioOfSums.Of([10, 2], [9, 1]).Value.Should().Be(1.2);
        RatioOfSums.Of([6, 2], [3, 1]).Should().Be(new RatioOfSums(2, 0));
        RatioOfSums.Of([6], [3]).Should().Be(new RatioOfSums(2, null));
    }

    [Fact]
    public void The_error_is_that_of_draws()
    {
        var random = new SampleRandom(3);
        double[] ratios = [.. Enumerable.Range(0, 400).Select(_ =>
        {
            double[] units = [.. Enumerable.Range(0, 50).Select(_ => 1 + random.NextInt(9))];
            return RatioOfSums.Of([.. units.Select(unit => 2 * unit + random.NextNormal() * 3)], units).Value;
        })];
        double[] one = [.. Enumerable.Range(0, 50).Select(_ => 1.0 + random.NextInt(9))];
        var claimed = RatioOfSums.Of([.. one.Select(unit => 2 * unit + random.NextNormal() * 3)], one).StandardError!.Value;
        var mean = ratios.Average();

        Math.Sqrt(ratios.Average(ratio => Math.Pow(ratio - mean, 2))).Should().BeInRange(0.7 * claimed, 1.4 * claimed);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(2, 1)]
    public void What_has_no_ratio_is_refused(int sums, int units) =>
        FluentActions.Invoking(() => RatioOfSums.Of(new double[sums], [.. Enumerable.Repeat(1.0, units)])).Should().Throw<ArgumentException>();
}
