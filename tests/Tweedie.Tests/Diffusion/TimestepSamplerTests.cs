using Tweedie.Diffusion;
using Tweedie.Sampling;
using static TorchSharp.torch;

namespace Tweedie.Tests.Diffusion;

[Collection(GlobalState.Name)]
public sealed class TimestepSamplerTests
{
    private const int Timesteps = 50;
    private readonly NoiseSchedule _schedule = NoiseSchedule.Cosine(Timesteps);

    public TimestepSamplerTests() => manual_seed(17);

    private static TimestepSampler Sampler(TimestepDistribution kind, NoiseSchedule schedule, double logSnrMin = -8, double logSnrMax = 4) =>
        new(TimeDensity.Create(kind, schedule, logSnrMin, logSnrMax));

    private static long[] Draw(TimestepSampler sampler, int items, int copies)
    {
        using var timesteps = sampler.Draw(items, copies, tokens: 3, CPU);
        timesteps.shape.Should().Equal((long)items * copies, 1);
        return timesteps.Longs();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Uniform_timesteps_stay_uniform_whatever_the_number_of_copies(int copies)
    {
        var drawn = Draw(Sampler(TimestepDistribution.Uniform, _schedule), 40_000 / copies, copies);

        // Stratified counts vary less than independent ones, so the bound holds for them too.
        Statistics.ChiSquareDeviation(Statistics.Counts(drawn, Timesteps), [.. Enumerable.Repeat(1.0 / Timesteps, Timesteps)])
            .Should().BeLessThan(6);
    }

    [Fact]
    public void One_copy_may_draw_any_timestep()
    {
        var drawn = Draw(Sampler(TimestepDistribution.Uniform, _schedule), 5000, 1);

        drawn.Distinct().Should().HaveCount(Timesteps);
    }

    [Fact]
    public void Each_copy_of_an_item_draws_from_its_own_slice()
    {
        var drawn = Draw(Sampler(TimestepDistribution.Uniform, NoiseSchedule.Cosine(1000)), 500, 4);

        for (var i = 0; i < drawn.Length; i++)
            drawn[i].Should().BeInRange(i % 4 * 250, i % 4 * 250 + 249);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Beta_timesteps_have_mean_three_fifths(int copies)
    {
        const int count = 40_000;
        var drawn = Draw(Sampler(TimestepDistribution.Beta, NoiseSchedule.Cosine(1000)), count / copies, copies);

        // Rounding down lowers the mean by half a timestep; the deviation of Beta(1.5, 1) is √(12/175) ≈ 0.262. Six standard errors.
        drawn.Average(t => (t + 0.5) / 1000).Should().BeApproximately(0.6, 6 * 0.262 / Math.Sqrt(count));
    }

    [Fact]
    public void Beta_timesteps_follow_the_distribution_function()
    {
        var drawn = Draw(Sampler(TimestepDistribution.Beta, _schedule), 40_000, 1);
        var expected = Enumerable.Range(0, Timesteps)
            .Select(t => Math.Pow((t + 1.0) / Timesteps, 1.5) - Math.Pow((double)t / Timesteps, 1.5)).ToArray();

        Statistics.ChiSquareDeviation(Statistics.Counts(drawn, Timesteps), expected).Should().BeLessThan(6);
    }

    [Fact]
    public void A_log_snr_window_is_filled_and_never_left()
    {
        var inside = Enumerable.Range(0, Timesteps).Where(t => _schedule.LogSnr(t) is >= -3 and <= 2).Select(t => (long)t).ToArray();

        var drawn = Draw(Sampler(TimestepDistribution.LogSnrWindow, _schedule, -3, 2), 10_000, 1);

        drawn.Distinct().Order().Should().Equal(inside);
        Statistics.ChiSquareDeviation(
            Statistics.Counts(drawn.Select(t => t - inside[0]), inside.Length), [.. inside.Select(_ => 1.0 / inside.Length)])
            .Should().BeLessThan(6);
    }

    [Fact]
    public void A_window_without_timesteps_is_refused() =>
        FluentActions.Invoking(() => Sampler(TimestepDistribution.LogSnrWindow, _schedule, 40, 41))
            .Should().Throw<TweedieException>().WithMessage("*40*41*");

    [Fact]
    public void The_same_torch_seed_draws_the_same_timesteps()
    {
        var sampler = Sampler(TimestepDistribution.Uniform, _schedule);
        manual_seed(3);
        var first = Draw(sampler, 20, 4);
        manual_seed(3);

        Draw(sampler, 20, 4).Should().Equal(first);
        Draw(sampler, 20, 4).Should().NotEqual(first);
    }
}
