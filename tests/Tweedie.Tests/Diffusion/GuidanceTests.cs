using CsCheck;
using Tweedie.Diffusion;
using Tweedie.Sampling;
using static TorchSharp.torch;

namespace Tweedie.Tests.Diffusion;

public sealed class GuidanceTests
{
    [Fact]
    public void Scale_one_is_the_identity() =>
        Gen.Select(Gen.Single[-50, 50].Array[8], Gen.Single[-50, 50].Array[8]).Sample((conditional, unconditional) =>
        {
            using var scope = NewDisposeScope();
            var expected = tensor(conditional);

            ClassifierFreeGuidance.Combine(expected, tensor(unconditional), 1).ShouldEqual(expected);
        }, threads: 1);

    [Fact]
    public void The_guided_value_lies_on_the_line_through_both() =>
        Gen.Select(Gen.Double[-5, 5], Gen.Double[-5, 5], Gen.Double[0, 10]).Sample((conditional, unconditional, scale) =>
        {
            using var scope = NewDisposeScope();

            var guided = ClassifierFreeGuidance.Combine(tensor([conditional]), tensor([unconditional]), scale);

            guided.item<double>().Should().BeApproximately(unconditional + scale * (conditional - unconditional), 1e-9);
        }, threads: 1);

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.BFloat16)]
    public void Guiding_keeps_the_precision_and_leaves_only_its_result(ScalarType precision)
    {
        using var conditional = ones([3], precision);
        using var unconditional = zeros([3], precision);

        LiveTensors.LeftBy(() =>
        {
            using var guided = ClassifierFreeGuidance.Combine(conditional, unconditional, 1.5);
            guided.dtype.Should().Be(precision);
        }).Should().Be(0);
    }

    [Fact]
    public void A_linear_scale_rises_from_one_at_the_first_step_to_the_scale_at_the_last() =>
        Gen.Select(Gen.Double[0, 20], Gen.Int[2, 200]).Sample((scale, steps) =>
        {
            var guidance = new Guidance(scale, GuidanceSchedule.Linear);

            guidance.ScaleAt(0, steps).Should().Be(1);
            guidance.ScaleAt(steps - 1, steps).Should().BeApproximately(scale, 1e-12);
            if (steps % 2 == 1)
                guidance.ScaleAt(steps / 2, steps).Should().BeApproximately((1 + scale) / 2, 1e-12);
        });

    [Theory]
    [InlineData(GuidanceSchedule.Constant)]
    [InlineData(GuidanceSchedule.Linear)]
    public void A_single_step_has_the_full_scale(GuidanceSchedule schedule) =>
        new Guidance(3, schedule).ScaleAt(0, 1).Should().Be(3);

    [Fact]
    public void A_constant_scale_is_the_same_at_every_step()
    {
        var guidance = new Guidance(2.5);

        Enumerable.Range(0, 4).Select(step => guidance.ScaleAt(step, 4)).Should().AllBeEquivalentTo(2.5);
    }

    [Theory]
    [InlineData(GuidanceSchedule.Constant)]
    [InlineData(GuidanceSchedule.Linear)]
    public void Without_guidance_every_step_has_scale_one(GuidanceSchedule schedule)
    {
        var guidance = Guidance.None with { Schedule = schedule };

        Enumerable.Range(0, 20).Select(step => guidance.ScaleAt(step, 20)).Should().AllBeEquivalentTo(1.0);
    }
}
