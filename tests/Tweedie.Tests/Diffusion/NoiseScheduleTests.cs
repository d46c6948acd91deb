using System.Text.Json;
using CsCheck;
using Tweedie.Sampling;

namespace Tweedie.Tests.Diffusion;

public sealed class NoiseScheduleTests
{
    [Theory]
    [InlineData("cosine", ScheduleKind.Cosine)]
    [InlineData("linear", ScheduleKind.Linear)]
    public void Schedules_equal_the_reference_to_twelve_digits(string name, ScheduleKind kind)
    {
        var schedules = Shared.Json("fixtures/diffusion-mar/schedule_f64.json").EnumerateObject().Where(schedule => schedule.Name.StartsWith(name + "_", StringComparison.Ordinal)).ToList();

        schedules.Should().NotBeEmpty();
        foreach (var schedule in schedules) // such as cosine_1000
        {
            var expected = schedule.Value.GetProperty("alphas_cumprod").Deserialize<double[]>()!;

            var actual = NoiseSchedule.Create(new DiffusionOptions { Schedule = kind, Timesteps = expected.Length }).AlphaBar;

            foreach (var (ours, theirs) in actual.Zip(expected))
                ours.Should().BeApproximately(theirs, 1e-12 * theirs, schedule.Name);
        }
    }

    [Fact]
    public void The_cosine_schedule_of_a_thousand_steps_ends_where_it_should()
    {
        var schedule = NoiseSchedule.Cosine(1000);

        schedule.AlphaBar[0].Should().BeApproximately(0.99995872, 5e-9);
        schedule.AlphaBar[999].Should().BeApproximately(2.4288e-9, 5e-14);
    }

    [Fact]
    public void Signal_falls_strictly_and_stays_between_zero_and_one() =>
        Gen.Select(Gen.Enum<ScheduleKind>(), Gen.Int[2, 3000], Gen.Double[-40, 20], Gen.Double[-40, 20])
            .Where((_, _, a, b) => Math.Abs(a - b) > 0.1)
            .Sample((kind, timesteps, a, b) =>
            {
                var alphaBar = NoiseSchedule.Create(new DiffusionOptions
                {
                    Schedule = kind,
                    Timesteps = timesteps,
                    LogSnrMin = Math.Min(a, b),
                    LogSnrMax = Math.Max(a, b),
                }).AlphaBar;

                alphaBar.Should().HaveCount(timesteps);
                alphaBar[0].Should().BeLessThan(1);
                alphaBar[^1].Should().BePositive();
                alphaBar.Zip(alphaBar.Skip(1), (cleaner, noisier) => cleaner > noisier).Should().NotContain(false);
            }, iter: 200);

    [Fact]
    public void The_log_snr_schedule_runs_from_one_end_of_its_window_to_the_other()
    {
        var schedule = NoiseSchedule.LogSnrWindow(101, -12, 6);

        schedule.LogSnr(0).Should().BeApproximately(6, 1e-9);
        schedule.LogSnr(50).Should().BeApproximately(-3, 1e-9);
        schedule.LogSnr(100).Should().BeApproximately(-12, 1e-9);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(0)]
    public void Fewer_than_two_timesteps_are_refused(int timesteps)
    {
        FluentActions.Invoking(() => NoiseSchedule.Cosine(timesteps)).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => NoiseSchedule.Linear(timesteps)).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => NoiseSchedule.LogSnrWindow(timesteps, -12, 6)).Should().Throw<ArgumentOutOfRangeException>();
    }
}
