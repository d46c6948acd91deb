using Tweedie.Experiments.Exhibits;
using Tweedie.Experiments.Statistics;
using Tweedie.Metrics;

namespace Tweedie.Tests.Experiments;

public sealed class StatisticsTests
{
    [Fact]
    public void Mean_and_sample_deviation()
    {
        var summary = Summary.Of([1.0, 2, 3, 4]);

        summary.Mean.Should().Be(2.5);
        summary.Deviation.Should().BeApproximately(Math.Sqrt(5.0 / 3), 1e-12);
        Summary.Of([7.0]).Deviation.Should().BeNull("one value has no spread");
    }

    [Theory]
    [InlineData(0, 0, 1)]
    [InlineData(4, 4, 1)] // 2·P(X ≤ 4 of 8) exceeds 1
    [InlineData(0, 5, 2 / 32.0)]
    [InlineData(1, 9, 2 * (1 + 10) / 1024.0)]
    [InlineData(9, 1, 2 * (1 + 10) / 1024.0)]
    [InlineData(2, 8, 2 * (1 + 10 + 45) / 1024.0)]
    public void McNemar_is_the_exact_sign_test_of_the_discordant_items(int onlyFirst, int onlySecond, double expected) =>
        McNemar.PValue(onlyFirst, onlySecond).Should().BeApproximately(expected, 1e-12);

    [Fact]
    public void McNemar_of_thousands_of_items_agrees_with_the_normal_approximation()
    {
        // z = (100 − 1)/√2500 = 1.98 with the continuity correction: p = 0.04770
        McNemar.PValue(1200, 1300).Should().BeApproximately(0.0477, 2e-4);
        McNemar.PValue(0, 5000).Should().Be(0, "2^-4999 underflows");
    }

    [Fact]
    public void McNemar_counts_only_items_on_which_one_is_right() =>
        McNemar.PValue([true, true, false, true, true, true], [true, false, false, false, false, false]).Should().Be(McNemar.PValue(4, 0));

    [Fact]
    public void The_bootstrap_of_one_seed_is_as_wide_as_the_items_spread_says()
    {
        var random = new SampleRandom(3);
        var differences = Enumerable.Range(0, 2000).Select(_ => random.NextNormal()).ToArray();
        var mean = differences.Average();
        var half = 1.96 * Summary.Of(differences).Deviation!.Value / Math.Sqrt(differences.Length);

        var interval = PairedBootstrap.Interval([differences]);

        interval.Low.Should().BeApproximately(mean - half, 0.15 * half);
        interval.High.Should().BeApproximately(mean + half, 0.15 * half);
    }

    [Fact]
    public void The_bootstrap_draws_seeds_too()
    {
        double[] zeros = [0, 0, 0, 0], ones = [1, 1, 1, 1];

        PairedBootstrap.Interval([ones, ones]).Should().Be(new Interval(1, 1));
        PairedBootstrap.Interval([zeros, ones]).Should().Be(new Interval(0, 1), "items agree, but the seeds do not");
    }

    [Fact]
    public void The_crossed_interval_of_equal_items_is_the_t_interval_of_the_seeds()
    {
        // mean 2, deviation 1, t(0.975; 2) = 4.302653
        var interval = CrossedInterval.Of([[1, 1, 1, 1], [2, 2, 2, 2], [3, 3, 3, 3]]);

        interval.Low.Should().BeApproximately(2 - 4.302653 / Math.Sqrt(3), 1e-6);
        interval.High.Should().BeApproximately(2 + 4.302653 / Math.Sqrt(3), 1e-6);
    }

    [Fact]
    public void The_crossed_interval_of_equal_seeds_is_the_t_interval_of_the_items()
    {
        double[] items = [0, 0, 1, 1, 1, -1, 0, 1]; // mean 3/8, t(0.975; 7) = 2.364624
        var half = 2.364624 * Summary.Of(items).Deviation!.Value / Math.Sqrt(items.Length);

        foreach (var interval in new[] { CrossedInterval.Of([items]), CrossedInterval.Of([items, items, items]) })
        {
            interval.Low.Should().BeApproximately(0.375 - half, 1e-6);
            interval.High.Should().BeApproximately(0.375 + half, 1e-6);
        }
        CrossedInterval.Of([[1, 1], [1, 1]]).Should().Be(new Interval(1, 1));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 0.4)]
    [InlineData(0.05, 0)] // the seeds decide
    [InlineData(0.05, 0.4)]
    public void Methods_that_are_equal_are_seldom_found_to_differ(double seedDeviation, double itemDeviation)
    {
        const int trials = 1000, items = 100;
        var random = new SampleRandom(5);
        var found = Enumerable.Range(0, trials).Count(_ =>
        {
            var ofItems = Enumerable.Range(0, items).Select(_ => itemDeviation * random.NextNormal()).ToArray();
            var interval = CrossedInterval.Of([.. Enumerable.Range(0, 3).Select(_ =>
            {
                var ofSeed = seedDeviation * random.NextNormal();
                return ofItems.Select(item => item + ofSeed + 0.3 * random.NextNormal()).ToArray();
            })]);
            return interval.Low > 0 || interval.High < 0;
        });

        (found / (double)trials).Should().BeInRange(0.005, 0.09, "at most 5 % are meant; three seeds cannot tell their variance well");
    }

    [Fact]
    public void A_verdict_needs_three_seeds_and_an_interval_beside_zero()
    {
        Outcome good = Repeat(right: 90, seeds: 3), bad = Repeat(right: 60, seeds: 3);
        Comparison.Of(good, bad).Verdict.Should().Be(Verdict.Holds);
        Comparison.Of(bad, good).Verdict.Should().Be(Verdict.DoesNotHold);
        Comparison.Of(good, good).Verdict.Should().Be(Verdict.NoLarger, "they are the same");
        Comparison.Of(Repeat(90, seeds: 2), Repeat(60, seeds: 2)).Verdict.Should().Be(Verdict.CannotTell, "two seeds are too few");

        var mixed = new Outcome([good.BySeed[0], good.BySeed[0], Items(right: 50)]);
        Comparison.Of(mixed, bad).Verdict.Should().Be(Verdict.CannotTell, "the seeds are far apart");
    }

    [Fact]
    public void The_half_width_is_that_of_the_interval_and_falls_with_seeds_and_items()
    {
        var random = new SampleRandom(7);
        var ofItems = Enumerable.Range(0, 50).Select(_ => 0.2 * random.NextNormal()).ToArray();
        double[][] differences = [.. Enumerable.Range(0, 4).Select(_ => { var ofSeed = 0.05 * random.NextNormal(); return ofItems.Select(item => item + ofSeed + 0.3 * random.NextNormal()).ToArray(); })];
        var (variance, interval) = (CrossedVariance.Of(differences), CrossedInterval.Of(differences));

        variance.HalfWidth(4, 50).Should().BeApproximately((interval.High - interval.Low) / 2, 1e-12);
        variance.HalfWidth(20, 50).Should().BeLessThan(variance.HalfWidth(4, 50));
        variance.HalfWidth(4, 5000).Should().BeLessThan(variance.HalfWidth(4, 50));
    }

    [Fact]
    public void What_suffices_is_the_fewest_that_do()
    {
        var variance = new CrossedVariance(OfSeeds: 1e-4, OfItems: 0.02, Rest: 0.1);

        var (seeds, items) = (variance.SeedsFor(0.02, items: 1000)!.Value, variance.ItemsFor(0.01, seeds: 20)!.Value);

        variance.HalfWidth(seeds, 1000).Should().BeLessThanOrEqualTo(0.02);
        variance.HalfWidth(seeds - 1, 1000).Should().BeGreaterThan(0.02);
        variance.HalfWidth(20, items).Should().BeLessThanOrEqualTo(0.01);
        variance.HalfWidth(20, items - 1).Should().BeGreaterThan(0.01);
        variance.SeedsFor(0.005, items: 1000).Should().BeNull("the items alone leave more: 1.96·√(0.02/1000) = 0.0088");
        variance.ItemsFor(0.001, seeds: 3).Should().BeNull("the seeds alone leave more");
    }

    [Fact]
    public void A_comparison_says_what_a_verdict_would_take()
    {
        var random = new SampleRandom(9);
        Outcome Coin(double share) => new([.. Enumerable.Range(0, 3).Select(_ => Enumerable.Range(0, 200).Select(_ => random.NextDouble() < share).ToArray())]);

        var open = Comparison.Of(Coin(0.52), Coin(0.5));

        open.Verdict.Should().Be(Verdict.CannotTell);
        open.Items.Should().Be(200);
        open.Needed()!.Value.Items.Should().BeGreaterThan(200);
        Show.Needed(open).Should().Contain("items with these 3 seeds");
        Comparison.Of(Repeat(90, seeds: 1), Repeat(60, seeds: 1)).Needed().Should().BeNull("one seed tells nothing of the others");
    }

    [Fact]
    public void A_comparison_gives_differences_and_p_values_of_each_seed()
    {
        var comparison = Comparison.Of(new Outcome([Items(90), Items(80)]), new Outcome([Items(85), Items(85)]));

        comparison.BySeed.Should().SatisfyRespectively(
            first => first.Should().BeApproximately(0.05, 1e-12), second => second.Should().BeApproximately(-0.05, 1e-12));
        comparison.Difference.Should().BeApproximately(0, 1e-12);
        comparison.PValues.Should().Equal(McNemar.PValue(5, 0), McNemar.PValue(0, 5));
    }

    [Fact]
    public void Gains_are_compared_as_differences_of_differences() =>
        Comparison.OfGains(Repeat(90, 3), Repeat(60, 3), Repeat(80, 3), Repeat(70, 3)).Difference.Should().BeApproximately(0.3 - 0.1, 1e-12);

    [Fact]
    public void Calibration_error_weighs_the_gap_of_each_bin()
    {
        // 0.95 in the last bin: 2 of 4 right, gap 0.45; 0.10 in the second: 0 of 1 right, gap 0.10
        var reliability = Reliability.Of([0.95f, 0.95f, 0.95f, 0.95f, 0.1f], [true, true, false, false, false]);

        reliability.CalibrationError.Should().BeApproximately((4 * 0.45 + 0.10) / 5, 1e-6);
        Reliability.Of([1f], [true]).CalibrationError.Should().Be(0, "1 falls into the last bin");
        Reliability.Sum([reliability, reliability]).CalibrationError.Should().BeApproximately(reliability.CalibrationError, 1e-12);
    }

    private static Outcome Repeat(int right, int seeds) => new([.. Enumerable.Repeat(Items(right), seeds)]);

    // 100 items; the given number of them, at the beginning, are right.
    private static bool[] Items(int right) => [.. Enumerable.Range(0, 100).Select(i => i < right)];
}
