using CsCheck;
using Tweedie.Diffusion;
using Tweedie.Sampling;
using static TorchSharp.torch;
using static Tweedie.TensorArithmetic;

namespace Tweedie.Tests.Diffusion;

public sealed class ScheduleDiagnosticsTests
{
    [Theory]
    [InlineData(1000, 0.913)]
    [InlineData(30_522, 0.944)]
    [InlineData(49_408, 0.947)]
    public void The_label_shows_in_half_of_the_cases_at_the_known_signal(int classes, double alphaBar)
    {
        // The known values have three digits, so one half is crossed within one unit of the last digit.
        ScheduleDiagnostics.ProbabilityArgmaxIsClean(alphaBar - 0.001, classes).Should().BeLessThan(0.5);
        ScheduleDiagnostics.ProbabilityArgmaxIsClean(alphaBar + 0.001, classes).Should().BeGreaterThan(0.5);
    }

    [Fact]
    public void Without_signal_every_class_is_as_likely() =>
        Gen.OneOf(Gen.Int[2, 100], Gen.Int[1000, 50_000]).Sample(classes =>
            ScheduleDiagnostics.ProbabilityArgmaxIsClean(0, classes).Should().BeApproximately(1.0 / classes, 1e-6 / classes), iter: 50);

    [Fact]
    public void Two_classes_have_a_closed_form() =>
        Gen.Select(Gen.Double[0.01, 0.99], Gen.Double[0.1, 2]).Sample((alphaBar, scale) =>
        {
            // y_hot − y_other ~ N(μ, 2): its sign is right with probability Φ(μ/√2) = (1 + erf(μ/2)) / 2.
            using var scope = NewDisposeScope();
            var mean = scale * Math.Sqrt(alphaBar / (1 - alphaBar));
            var expected = 0.5 * (1 + special.erf(tensor(mean / 2, float64)).item<double>());

            ScheduleDiagnostics.ProbabilityArgmaxIsClean(alphaBar, 2, scale).Should().BeApproximately(expected, 1e-9);
        }, iter: 50, threads: 1);

    [Fact]
    public void Full_signal_always_shows_the_label() =>
        ScheduleDiagnostics.ProbabilityArgmaxIsClean(1, 1000).Should().BeApproximately(1, 1e-12);

    [Theory]
    [InlineData(0.3, 1.0)]
    [InlineData(0.8, 1.0)]
    [InlineData(0.9, 0.5)]
    public void It_agrees_with_the_forward_process_itself(double alphaBar, double scale)
    {
        using var scope = NewDisposeScope();
        const int items = 20_000;
        var oneHot = ForwardProcess.OneHot(zeros([items, 1], int64), 10);
        var noise = randn([items, 1, 10], float32, generator: new Generator(23));
        var noisy = ForwardProcess.Corrupt(oneHot, noise, Filled([1, 1], alphaBar, float32, CPU), scale);
        var share = noisy.argmax(-1).Is(0).to(float64).mean().item<double>();

        var probability = ScheduleDiagnostics.ProbabilityArgmaxIsClean(alphaBar, 10, scale);

        share.Should().BeApproximately(probability, 5 * Math.Sqrt(probability * (1 - probability) / items));
    }
}
