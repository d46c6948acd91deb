using Tweedie.Experiments.Comparisons;
using Tweedie.Experiments.Statistics;

namespace Tweedie.Tests.Experiments;

public sealed class PairedComparisonTests
{
    [Fact]
    public void Right_and_wrong_answers_are_compared_by_McNemars_test()
    {
        // 12 items: 6 only the second has right, 1 only the first, 5 both or none.
        double[] first = [1, 0, 0, 0, 0, 0, 0, 1, 1, 1, 0, 0], second = [0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0];

        var comparison = PairedComparison.Of(0, 1, "top1", first, second);

        comparison.Difference.Should().BeApproximately(5.0 / 12, 1e-12);
        comparison.Test.Should().Be(PairedTest.McNemar);
        comparison.PValue.Should().BeApproximately(2 * (1 + 7) / 128.0, 1e-12); // P(X ≤ 1) of 7 throws, both sides
        comparison.Interval.Low.Should().BeLessThan(comparison.Difference);
        comparison.Interval.High.Should().BeGreaterThan(comparison.Difference);
        PairedComparison.Of(1, 0, "top1", second, first).PValue.Should().Be(comparison.PValue);
    }

    [Fact]
    public void Random_signs_give_the_exact_share_where_it_is_known()
    {
        // Of the 2^3 signs of three equal differences, two give a sum as far from zero.
        SignFlips.PValue([1, 1, 1]).Should().BeApproximately(0.25, 0.02);
        SignFlips.PValue([1, 1, 1, 0, 0, 0]).Should().Be(SignFlips.PValue([1, 1, 1]), "items without a difference decide nothing");
        SignFlips.PValue([0.3, -0.3]).Should().Be(1);
        SignFlips.PValue([]).Should().Be(1);
        SignFlips.PValue([.. Enumerable.Repeat(0.1, 40)]).Should().BeLessThan(0.001).And.BePositive();
    }

    [Fact]
    public void Under_equal_models_small_p_values_are_as_rare_as_they_should_be()
    {
        var random = new Random(7);
        var small = Enumerable.Range(0, 200).Count(_ => SignFlips.PValue([.. Enumerable.Range(0, 12).Select(_ => random.NextDouble() - 0.5)]) <= 0.1);

        small.Should().BeInRange(8, 36, "20 are expected; 4 standard deviations are 17");
    }

    [Fact]
    public void Each_model_is_compared_with_those_before_it_in_the_metrics_that_both_have()
    {
        IReadOnlyDictionary<string, double[]> Model(params string[] metrics) => metrics.ToDictionary(metric => metric, _ => new[] { 0.5, 0.25 });

        var comparisons = PairedComparison.OfAll([Model("x", "y"), Model("x"), Model("x", "y")]);

        comparisons.Select(entry => $"{entry.First}{entry.Second}{entry.Metric}").Should().Equal("01x", "02x", "02y", "12x");
        comparisons.Should().OnlyContain(entry => entry.Difference == 0 && entry.PValue == 1 && entry.Test == PairedTest.SignFlips);
    }

    [Fact]
    public void Other_items_are_refused() => FluentActions.Invoking(() => PairedComparison.Of(0, 1, "top1", [1], [1, 0]))
        .Should().Throw<TweedieException>().WithMessage("The models were measured on 1 and 2 items; compare them on the same items.");
}
