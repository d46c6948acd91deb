using System.Text.Json;
using CsCheck;
using Tweedie.Sampling;

namespace Tweedie.Tests.Diffusion;

public sealed class SamplingPlanTests
{
    [Fact]
    public void Uniform_plans_visit_the_timesteps_of_the_reference_noisiest_first()
    {
        using var golden = JsonDocument.Parse(File.ReadAllText(Shared.Path("fixtures/diffusion-mar/respacing.json")));
        var compared = 0;
        foreach (var respacing in golden.RootElement.EnumerateArray())
        {
            if (!int.TryParse(respacing.GetProperty("spec").GetString(), out var steps) || steps == 1)
                continue; // "ddimN" and lists are other rules; for one step see below
            var timesteps = respacing.GetProperty("timesteps").Deserialize<int[]>()!;
            Timesteps(SamplingPlan.Uniform(NoiseSchedule.Cosine(respacing.GetProperty("T").GetInt32()), steps))
                .Should().Equal(timesteps.Reverse());
            compared++;
        }
        compared.Should().BePositive();
    }

    [Fact]
    public void Uniform_plans_fall_strictly_from_the_noisiest_timestep_to_the_cleanest() =>
        Gen.Int[2, 3000].SelectMany(timesteps => Gen.Int[2, timesteps], (timesteps, steps) => (timesteps, steps))
            .Sample((timesteps, steps) =>
            {
                var schedule = NoiseSchedule.Cosine(timesteps);
                var plan = SamplingPlan.Uniform(schedule, steps);

                plan.Should().AllSatisfy(level => level.AlphaBar.Should().Be(schedule.AlphaBar[level.Timestep]));
                plan.Should().HaveCount(steps);
                plan[0].Timestep.Should().Be(timesteps - 1);
                plan[^1].Timestep.Should().Be(0);
                plan.Zip(plan.Skip(1), (noisier, cleaner) => noisier.Timestep > cleaner.Timestep).Should().NotContain(false);
            });

    [Fact]
    public void Halves_are_rounded_to_the_even_timestep() =>
        Timesteps(SamplingPlan.Uniform(NoiseSchedule.Cosine(1000), 7)).Should().Equal(999, 832, 666, 500, 333, 166, 0);

    [Fact]
    public void One_step_starts_from_pure_noise() => Timesteps(SamplingPlan.Uniform(NoiseSchedule.Cosine(1000), 1)).Should().Equal(999);

    [Fact]
    public void The_control_stays_at_the_noisiest_timestep() =>
        Timesteps(SamplingPlan.Control(NoiseSchedule.Cosine(1000), 3)).Should().Equal(999, 999, 999);

    [Fact]
    public void Masked_plans_go_from_nothing_visible_in_equal_steps()
    {
        var plan = SamplingPlan.Masked(4);

        plan.Select(level => level.AlphaBar).Should().Equal(0, 0.25, 0.5, 0.75);
        Timesteps(plan).Should().Equal(999, 749, 500, 250);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(11)]
    public void Step_counts_outside_the_schedule_are_refused(int steps) =>
        FluentActions.Invoking(() => SamplingPlan.Uniform(NoiseSchedule.Cosine(10), steps)).Should().Throw<ArgumentOutOfRangeException>();

    private static IEnumerable<int> Timesteps(IReadOnlyList<NoiseLevel> plan) => plan.Select(level => level.Timestep);
}
