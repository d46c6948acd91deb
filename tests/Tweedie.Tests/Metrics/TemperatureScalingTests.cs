using Tweedie.Metrics;

namespace Tweedie.Tests.Metrics;

public sealed class TemperatureScalingTests
{
    [Fact]
    public void A_scaled_distribution_is_the_power_of_the_old_one()
    {
        float[] probabilities = [0.7f, 0.2f, 0.1f, 0.5f, 0.5f, 0f];

        TemperatureScaling.Apply(probabilities, classes: 3, temperature: 2);

        var sum = Math.Sqrt(0.7) + Math.Sqrt(0.2) + Math.Sqrt(0.1);
        probabilities[..3].Should().SatisfyRespectively(
            p => p.Should().BeApproximately((float)(Math.Sqrt(0.7) / sum), 1e-6f),
            p => p.Should().BeApproximately((float)(Math.Sqrt(0.2) / sum), 1e-6f),
            p => p.Should().BeApproximately((float)(Math.Sqrt(0.1) / sum), 1e-6f));
        probabilities[3..].Sum().Should().BeApproximately(1, 1e-6f, "the second row is a distribution of its own");
        probabilities[5].Should().BePositive().And.BeLessThan(1e-5f);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(1)]
    [InlineData(3)]
    public void The_temperature_by_which_a_model_is_too_sure_is_found(double temperature)
    {
        const int items = 20_000, classes = 4;
        var random = new Random(1);
        var (told, labels) = (new float[items * classes], new int[items]);
        for (var i = 0; i < items; i++)
        {
            // The labels follow the true distribution; the model tells its power 1/τ = temperature.
            var logits = Enumerable.Range(0, classes).Select(_ => 3 * random.NextDouble()).ToArray();
            var (truth, sure) = (Softmax(logits, 1), Softmax(logits, 1 / temperature));
            var (draw, label) = (random.NextDouble(), 0);
            while (label < classes - 1 && (draw -= truth[label]) > 0)
                label++;
            labels[i] = label;
            Array.ConvertAll(sure, value => (float)value).CopyTo(told, i * classes);
        }

        // The deviation of the estimate is about 1/sqrt(n·Var[log p]): below 2 %.
        TemperatureScaling.Fit(told, labels).Should().BeApproximately(temperature, 0.06 * temperature);
    }

    [Fact]
    public void Few_predictions_that_are_all_right_do_not_become_certain()
    {
        var temperature = TemperatureScaling.Fit([0.9f, 0.1f, 0.2f, 0.8f, 0.7f, 0.3f], [0, 1, 0]);

        temperature.Should().BeLessThan(1).And.BeGreaterThan(TemperatureScaling.Lowest);
    }

    [Fact]
    public void A_model_that_is_sure_and_wrong_gets_the_highest_temperature() =>
        TemperatureScaling.Fit([0f, 1f, 1f, 0f], [0, 1]).Should().BeApproximately(TemperatureScaling.Highest, 1e-6);

    [Fact]
    public void Rows_that_do_not_fit_are_refused()
    {
        var fit = () => TemperatureScaling.Fit([0.5f, 0.5f, 1f], [0, 1]);
        fit.Should().Throw<ArgumentException>().WithMessage("3 probabilities are no distributions of 2 items*");
        FluentActions.Invoking(() => TemperatureScaling.Apply([1f], classes: 1, temperature: 0)).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => TemperatureScaling.Apply([1f], classes: 0, temperature: 1)).Should().Throw<ArgumentOutOfRangeException>();
    }

    private static double[] Softmax(double[] logits, double temperature)
    {
        var powers = Array.ConvertAll(logits, logit => Math.Exp(logit / temperature));
        return Array.ConvertAll(powers, power => power / powers.Sum());
    }
}
