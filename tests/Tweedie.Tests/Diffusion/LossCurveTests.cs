using TorchSharp;
using Tweedie.Diffusion;
using Tweedie.Sampling;
using static TorchSharp.torch;
using static Tweedie.TensorArithmetic;

namespace Tweedie.Tests.Diffusion;

[Collection(GlobalState.Name)]
public sealed class LossCurveTests : IDisposable
{
    private const int Timesteps = 128;
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    private static Tensor Unmeasured() => Filled([LossCurve.Parts], double.NaN, float32, CPU);

    [Fact]
    public void It_keeps_a_moving_average_of_each_parts_loss()
    {
        manual_seed(1);
        var curve = new LossCurve(Unmeasured());
        var tokens = zeros([40, 2], int64);
        // Token 0 has the logit x among zeros, so its loss is log(e^x + 3) − x.
        var logit = 0.0;
        Logits Scores() => Logits.Of(tensor(new[] { (float)logit, 0, 0, 0 }).expand(40, 2, 4));
        double Loss() => Math.Log(Math.Exp(logit) + 3) - logit;
        var first = Loss();
        void MeasureOnce()
        {
            var before = curve.Losses[5];
            for (var call = 0; curve.Losses[5].Equals(before); call++)
                curve.Measure(Scores, tokens, Filled([1, 1], 10, int64, CPU), Timesteps);
        }

        MeasureOnce();
        curve.Losses[5].Should().BeApproximately(first, 1e-5, "timesteps 10 and 11 of 128 are part 5 of 64");
        logit = 2;
        MeasureOnce();

        curve.Losses[5].Should().BeApproximately(0.9 * first + 0.1 * Loss(), 1e-5);
        curve.Losses.Where((_, part) => part != 5).Should().OnlyContain(loss => double.IsNaN(loss));
    }

    [Fact]
    public void It_measures_an_eighth_of_the_batches()
    {
        manual_seed(2);
        var (curve, measured) = (new LossCurve(Unmeasured()), 0);
        Logits Scores()
        {
            measured++;
            return Logits.Of(zeros(1, 1, 4));
        }

        for (var batch = 0; batch < 800; batch++)
            curve.Measure(Scores, zeros([1, 1], int64), zeros([1, 1], int64), Timesteps);

        measured.Should().BeInRange(60, 140);
    }

    [Fact]
    public void Times_follow_the_change_of_the_loss_and_none_is_left_out()
    {
        // The loss is 0 up to part 31, rises by 1 in each of the parts 32 to 41, and stays.
        double[] losses = [.. Enumerable.Range(0, LossCurve.Parts).Select(part => Math.Clamp(part - 31.0, 0, 10))];
        var density = TimeDensity.OfLosses(Timesteps, losses);
        double Share(int first, int last) => density.Cumulative[last] - (first == 0 ? 0 : density.Cumulative[first - 1]);

        Share(62, 83).Should().BeApproximately(0.9 + 0.1 * 22 / 128, 1e-9, "the rise from part 31 to part 41 is in timesteps 62 to 83");
        Share(66, 81).Should().BeApproximately(0.72 + 0.1 * 16 / 128, 1e-9, "the inner eight of ten equal changes");
        density.Cumulative.Zip([0.0, .. density.Cumulative]).Should().OnlyContain(pair => pair.First > pair.Second);
    }

    [Fact]
    public void Before_anything_is_measured_and_where_nothing_changes_times_are_uniform()
    {
        foreach (var losses in new[] { [.. Enumerable.Repeat(double.NaN, 64)], Enumerable.Repeat(2.0, 64).ToArray() })
            TimeDensity.OfLosses(Timesteps, losses).Cumulative.Should().Equal(Enumerable.Range(1, Timesteps).Select(t => t / (double)Timesteps), (a, b) => Math.Abs(a - b) < 1e-12);
    }

    [Fact]
    public void A_loss_that_falls_with_the_noise_counts_as_no_change()
    {
        double[] losses = [0, 1, 0.5, 1, 2, double.NaN, 2, 2];
        var density = TimeDensity.OfLosses(8, losses);

        (density.Cumulative[2] - density.Cumulative[1]).Should().BeApproximately(0.1 / 8, 1e-12, "the dip and the way back to 1 are no change");
    }

    [Fact]
    public void A_grid_by_cross_entropy_needs_a_model_that_measured_it() =>
        FluentActions.Invoking(() => new OneHotDiffusion(new DiffusionOptions()).Reverse(new SamplingOptions { Steps = 4, Grid = TimestepDistribution.CrossEntropy }))
            .Should().Throw<TweedieException>().WithMessage("*measuresLoss*");
}
