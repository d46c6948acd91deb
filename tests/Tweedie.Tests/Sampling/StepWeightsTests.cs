using Tweedie.Sampling;

namespace Tweedie.Tests.Sampling;

/// <summary>Every step leads from the level of a state to the level that it goes to: a state of a clean vector keeps its mean and its variance.</summary>
public sealed class StepWeightsTests
{
    private const double From = 0.2, To = 0.7;

    public static TheoryData<string> Steps => [.. StepOf.Keys];

    private static readonly Dictionary<string, StepWeights> StepOf = new()
    {
        ["renoise"] = StepWeights.Renoise(To),
        ["posterior"] = StepWeights.Posterior(From, To),
        ["ddim"] = StepWeights.Ddim(From, To, eta: 0),
        ["ddim with fresh noise"] = StepWeights.Ddim(From, To, eta: 0.6),
    };

    [Theory]
    [MemberData(nameof(Steps))]
    public void The_next_state_has_its_level(string step)
    {
        var weights = StepOf[step];

        (weights.Clean + weights.State * Math.Sqrt(From)).Should().BeApproximately(Math.Sqrt(To), 1e-12);
        (weights.State * weights.State * (1 - From) + weights.Variance).Should().BeApproximately(1 - To, 1e-12);
    }

    [Fact]
    public void Ddim_with_all_fresh_noise_is_the_posterior()
    {
        var (ddim, posterior) = (StepWeights.Ddim(From, To, eta: 1), StepWeights.Posterior(From, To));

        ddim.Clean.Should().BeApproximately(posterior.Clean, 1e-12);
        ddim.State.Should().BeApproximately(posterior.State, 1e-12);
        ddim.Variance.Should().BeApproximately(posterior.Variance, 1e-12);
    }

    [Fact]
    public void Churn_lowers_the_ratio_of_signal_and_noise_by_a_factor_and_not_below_the_schedule()
    {
        var (weights, noisier) = StepWeights.Churn(To, gamma: 0.5, lowest: 0.01);

        (noisier / (1 - noisier)).Should().BeApproximately(To / (1 - To) / 2.25, 1e-12);
        (weights.State * Math.Sqrt(To)).Should().BeApproximately(Math.Sqrt(noisier), 1e-12);
        (weights.State * weights.State * (1 - To) + weights.Variance).Should().BeApproximately(1 - noisier, 1e-12);
        StepWeights.Churn(To, gamma: 5, lowest: 0.4).AlphaBar.Should().Be(0.4);
    }
}
