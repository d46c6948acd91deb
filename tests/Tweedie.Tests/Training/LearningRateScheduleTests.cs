using Tweedie.Training;

namespace Tweedie.Tests.Training;

public sealed class LearningRateScheduleTests
{
    private static readonly LearningRateSchedule _schedule = new(peak: 2, warmupSteps: 10, totalSteps: 110);

    [Theory]
    [InlineData(0, 0.2)] // the first step already learns
    [InlineData(4, 1.0)]
    [InlineData(9, 2.0)] // the last step of the warm-up
    [InlineData(10, 2.0)]
    [InlineData(35, 1.7071068)] // 1 + cos(π/4)
    [InlineData(60, 1.0)]
    [InlineData(110, 0.0)]
    [InlineData(200, 0.0)]
    public void It_rises_linearly_and_falls_as_a_cosine(long step, double rate) =>
        _schedule.At(step).Should().BeApproximately(rate, 1e-7);

    [Fact]
    public void It_rises_to_the_peak_then_falls_to_nearly_nothing()
    {
        var rates = Enumerable.Range(0, 110).Select(step => _schedule.At(step)).ToList();

        rates[..10].Should().BeInAscendingOrder();
        rates[10..].Should().BeInDescendingOrder();
        rates.Max().Should().Be(2);
        rates[^1].Should().BePositive().And.BeLessThan(0.001);
    }

    [Theory]
    [InlineData(256, 1e-4)]
    [InlineData(4096, 1.6e-3)] // the paper's batch
    [InlineData(64, 2.5e-5)]
    public void The_peak_is_scaled_by_the_batch_size(int batchSize, double peak)
    {
        var options = new TrainingOptions { BatchSize = batchSize, LearningRate = 1e-4, Epochs = 10, WarmupEpochs = 2 };

        var schedule = LearningRateSchedule.Create(options, stepsPerEpoch: 5);

        schedule.At(9).Should().BeApproximately(peak, 1e-12); // the last of 2·5 warm-up steps
        schedule.At(8).Should().BeApproximately(0.9 * peak, 1e-12);
        schedule.At(30).Should().BeApproximately(peak / 2, 1e-12); // half-way through the other 40 steps
    }

    [Fact]
    public void Without_warm_up_the_first_step_has_the_peak() =>
        LearningRateSchedule.Create(new TrainingOptions { WarmupEpochs = 0, Epochs = 1 }, 7).At(0).Should().Be(1e-4);

    [Fact]
    public void A_warm_up_longer_than_the_training_ends_with_it()
    {
        var schedule = LearningRateSchedule.Create(new TrainingOptions { WarmupEpochs = 20, Epochs = 2 }, 5);

        schedule.At(9).Should().BeApproximately(1e-4, 1e-12);
    }
}
