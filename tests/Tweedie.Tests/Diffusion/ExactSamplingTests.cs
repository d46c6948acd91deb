using Tweedie.Diffusion;
using Tweedie.Sampling;
using static TorchSharp.torch;

namespace Tweedie.Tests.Diffusion;

/// <summary>
/// Tests what the reverse process gives with the optimal denoiser of a known prior. With ŷ0 ~ p(y0 | y_t) the pair (ŷ0, y_t) has the law of the
/// forward process, so re-noising ŷ0 gives y_t' its exact marginal: multinomial draws follow the prior after any number of steps.
/// </summary>
public sealed class ExactSamplingTests
{
    private const int Items = 5000;
    private const int Tokens = 2;
    private static readonly double[] Prior = [0.4, 0.25, 0.15, 0.1, 0.06, 0.04];

    private static long[] Sample(ToOneKind toOne, int steps, NoiseSchedule schedule, double scale = 1)
    {
        using var scope = NewDisposeScope();
        var process = new ReverseProcess(
            new OneHotDiffusion(new DiffusionOptions { Scale = scale }, schedule: schedule), SamplingPlan.Uniform(schedule, steps), new Renoise(), ToOne.Create(toOne), Guidance.None);
        var denoiser = new BayesDenoiser(Prior, Items, Tokens, scale);
        long[] tokens = [];
        foreach (var step in process.Run(denoiser, new TorchNoise(CPU, new Generator(31))))
            if (step.IsLast)
                tokens = step.Tokens.Longs();
        return tokens;
    }

    [Theory]
    [InlineData(1, 1.0)]
    [InlineData(2, 1.0)]
    [InlineData(7, 1.0)]
    [InlineData(40, 1.0)]
    [InlineData(40, 0.3)]
    public void Multinomial_sampling_returns_the_prior_at_any_number_of_steps(int steps, double scale)
    {
        var counts = Statistics.Counts(Sample(ToOneKind.Multinomial, steps, NoiseSchedule.Cosine(1000), scale), Prior.Length);

        counts.Sum().Should().Be(Items * Tokens);
        Statistics.ChiSquareDeviation(counts, Prior).Should().BeLessThan(6);
    }

    [Fact]
    public void Multinomial_sampling_returns_the_prior_under_every_schedule()
    {
        foreach (var schedule in new[] { NoiseSchedule.Linear(1000), NoiseSchedule.LogSnrWindow(200, -12, 6) })
            Statistics.ChiSquareDeviation(
                Statistics.Counts(Sample(ToOneKind.Multinomial, 10, schedule), Prior.Length), Prior).Should().BeLessThan(6);
    }

    [Fact]
    public void Argmax_from_pure_noise_takes_the_mode_alone() =>
        Sample(ToOneKind.Argmax, 1, NoiseSchedule.Cosine(1000)).Distinct().Should().Equal(0);

    [Fact]
    public void Argmax_sampling_favours_the_mode_above_its_prior()
    {
        var mode = Sample(ToOneKind.Argmax, 20, NoiseSchedule.Cosine(1000)).Count(token => token == 0);

        var (count, p) = (Items * Tokens, Prior[0]);
        mode.Should().BeGreaterThan((int)(count * p + 6 * Math.Sqrt(count * p * (1 - p))));
    }

    [Fact]
    public void Tokens_of_an_item_stay_independent()
    {
        var tokens = Sample(ToOneKind.Multinomial, 10, NoiseSchedule.Cosine(1000));
        var pairs = Enumerable.Range(0, Items).Select(i => tokens[2 * i] * Prior.Length + tokens[2 * i + 1]);
        var expected = Prior.SelectMany(first => Prior.Select(second => first * second)).ToArray();

        Statistics.ChiSquareDeviation(Statistics.Counts(pairs, expected.Length), expected).Should().BeLessThan(6);
    }
}
