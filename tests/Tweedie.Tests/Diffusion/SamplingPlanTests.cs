using System.Text.Json;
using CsCheck;
using Tweedie.Diffusion;

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
            SamplingPlan.Uniform(respacing.GetProperty("T").GetInt32(), steps).Timesteps
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
                var plan = SamplingPlan.Uniform(timesteps, steps);

                plan.NoiseOnly.Should().BeFalse();
                plan.Timesteps.Should().HaveCount(steps);
                plan.Timesteps[0].Should().Be(timesteps - 1);
                plan.Timesteps[^1].Should().Be(0);
                plan.Timesteps.Zip(plan.Timesteps.Skip(1), (noisier, cleaner) => noisier > cleaner).Should().NotContain(false);
            });

    [Fact]
    public void Halves_are_rounded_to_the_even_timestep() =>
        SamplingPlan.Uniform(1000, 7).Timesteps.Should().Equal(999, 832, 666, 500, 333, 166, 0);

    [Fact]
    public void One_step_starts_from_pure_noise() => SamplingPlan.Uniform(1000, 1).Timesteps.Should().Equal(999);

    [Fact]
    public void The_control_stays_at_the_noisiest_timestep()
    {
        var plan = SamplingPlan.Control(1000, 3);

        plan.Timesteps.Should().Equal(999, 999, 999);
        plan.NoiseOnly.Should().BeTrue();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(11)]
    public void Step_counts_outside_the_schedule_are_refused(int steps) =>
        FluentActions.Invoking(() => SamplingPlan.Uniform(10, steps)).Should().Throw<ArgumentOutOfRangeException>();
}
