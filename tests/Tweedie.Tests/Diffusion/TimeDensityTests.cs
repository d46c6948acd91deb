using Tweedie.Diffusion;
using Tweedie.Sampling;
using static TorchSharp.torch;

namespace Tweedie.Tests.Diffusion;

[Collection(GlobalState.Name)]
public sealed class TimeDensityTests
{
    private static readonly NoiseSchedule Schedule = NoiseSchedule.Cosine(1000);

    public static TheoryData<TimestepDistribution> Kinds => new(Enum.GetValues<TimestepDistribution>().Except([TimestepDistribution.CrossEntropy])); // LossCurveTests has it

    private static TimeDensity Density(TimestepDistribution kind) => TimeDensity.Create(kind, Schedule, -4, 4, TokenCode.Of(2650, 192));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Quantiles_rise_and_training_draws_what_they_say(TimestepDistribution kind)
    {
        var density = Density(kind);
        manual_seed(3);
        using var drawn = new TimestepSampler(density).Draw(20_000, 1, 1, CPU);
        long[] sorted = [.. drawn.Longs().Order()];

        foreach (var share in new[] { 0.1, 0.25, 0.5, 0.75, 0.9 })
        {
            var below = sorted.Count(t => t < density.Quantile(share)) / 20_000.0;
            var upTo = sorted.Count(t => t <= density.Quantile(share)) / 20_000.0;
            below.Should().BeLessThan(share + 0.02);
            upTo.Should().BeGreaterThan(share - 0.02);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_plan_falls_without_repeating_a_timestep_and_has_the_densitys_ends(TimestepDistribution kind)
    {
        var density = Density(kind);
        foreach (var steps in new[] { 2, 3, 20, 500 })
        {
            var plan = SamplingPlan.Spread(Schedule, density, steps).Select(level => level.Timestep).ToArray();

            plan.Should().HaveCount(steps).And.BeInDescendingOrder().And.OnlyHaveUniqueItems();
            plan[0].Should().Be(density.Quantile(1));
            if (steps < 100)
                plan[^1].Should().Be(density.Quantile(0));
        }
        SamplingPlan.Spread(Schedule, density, 1).Single().Timestep.Should().Be(density.Quantile(1));
        SamplingPlan.Spread(Schedule, density, 1000).Select(level => level.Timestep).Should().Equal(Enumerable.Range(0, 1000).Reverse());
    }

    [Fact]
    public void A_window_ends_where_its_log_snr_does_and_log_snr_steps_are_even()
    {
        var window = TimeDensity.Create(TimestepDistribution.LogSnr, Schedule, -2, 3);
        var logSnr = SamplingPlan.Spread(Schedule, window, 6).Select(level => Schedule.LogSnr(level.Timestep)).ToArray();

        logSnr.Zip([-2.0, -1, 0, 1, 2, 3]).Should().OnlyContain(pair => Math.Abs(pair.First - pair.Second) < 0.03);
    }

    [Fact]
    public void Steps_by_decode_accuracy_read_equally_many_more_tokens_each()
    {
        var code = new TokenCode(1000);
        var plan = SamplingPlan.Spread(Schedule, TimeDensity.Create(TimestepDistribution.DecodeAccuracy, Schedule, code: code), 11);
        var accuracy = plan.Select(level => ScheduleDiagnostics.ProbabilityArgmaxIsClean(level.AlphaBar, 1000)).ToArray();

        accuracy.Zip(accuracy[1..]).Should().OnlyContain(pair => Math.Abs(pair.Second - pair.First - 0.1) < 0.02);
        // Steps at even times would spend most of them where a token is as good as hidden.
        SamplingPlan.Uniform(Schedule, 11).Count(level => ScheduleDiagnostics.ProbabilityArgmaxIsClean(level.AlphaBar, 1000) < 0.1).Should().BeGreaterThan(6);
    }

    [Fact]
    public void Tokens_with_levels_of_their_own_are_clean_in_part_and_the_share_is_the_one_asked_for()
    {
        const int tokens = 12;
        manual_seed(5);
        using var drawn = new TimestepSampler(TimeDensity.Create(TimestepDistribution.Uniform, Schedule), tokenLevels: 0.7).Draw(4000, 1, tokens, CPU);
        var rows = drawn.Longs().Chunk(tokens).ToArray();

        drawn.shape.Should().Equal(4000, tokens);
        var own = rows.Where(row => row.Distinct().Count() > 1).ToArray();
        ((double)own.Length / rows.Length).Should().BeApproximately(0.7, 0.03);
        own.Average(row => row.Count(t => t < 300)).Should().BeApproximately(tokens / 2.0, 0.2, "the share of clean tokens is uniform");
        own.SelectMany(row => row).Where(t => t >= 400).Average(t => t / 1000.0).Should().BeApproximately(1 - 0.6 / 2.5, 0.02, "E[u^1.5] = 1/2.5");
    }

    [Theory]
    [InlineData(LevelPattern.Staggered)]
    [InlineData(LevelPattern.LeftToRight)]
    public void Staggered_levels_are_those_that_staggered_sampling_goes_through(LevelPattern pattern)
    {
        const int tokens = 12;
        manual_seed(5);
        using var drawn = new TimestepSampler(TimeDensity.Create(TimestepDistribution.Uniform, Schedule), tokenLevels: 1, pattern).Draw(4000, 1, tokens, CPU);
        var rows = drawn.Longs().Chunk(tokens).ToArray();

        // At a time τ ~ U(0, 1), the token of place ρ is clean after spread·ρ + 1 − spread, and begins after spread·ρ: on average of a spread ~ U(1/2, 1).
        var inOrder = rows.Select(row => row.Order().ToArray()).ToArray();
        foreach (var place in new[] { 0, 5, 11 })
        {
            var ρ = (place + 1.0) / tokens;
            ((double)inOrder.Count(row => row[place] == 0) / rows.Length).Should().BeApproximately(0.75 * (1 - ρ), 0.03);
            ((double)inOrder.Count(row => row[place] == 999) / rows.Length).Should().BeApproximately(0.75 * ρ, 0.03);
        }
        var sorted = rows.Zip(inOrder).Count(row => row.First.SequenceEqual(row.Second));
        if (pattern == LevelPattern.LeftToRight)
            sorted.Should().Be(rows.Length, "the left goes first");
        else
            sorted.Should().BeLessThan(rows.Length / 2);
    }

    [Fact]
    public void A_level_has_its_timestep_back()
    {
        foreach (var t in new[] { 0, 1, 500, 998, 999 })
            Schedule.TimestepOf(Schedule.AlphaBar[t]).Should().BeApproximately(t, 1e-9);
        Schedule.TimestepOf((Schedule.AlphaBar[500] + Schedule.AlphaBar[501]) / 2).Should().BeInRange(500, 501);
        Schedule.TimestepOf(1 - 1e-12).Should().Be(0);
        Schedule.TimestepOf(1e-12).Should().Be(999);
    }
}
