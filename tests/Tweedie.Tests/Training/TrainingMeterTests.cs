using Tweedie.Training;

namespace Tweedie.Tests.Training;

public sealed class TrainingMeterTests
{
    private readonly TrainingMeter _meter = new(epochs: 500, batchesPerEpoch: 20, batchSize: 8, new CheckpointState());

    [Fact]
    public void The_loss_is_the_mean_since_the_last_report()
    {
        _meter.Add(3, 0.1, 0);
        _meter.Add(5, 0.2, 7);
        var first = _meter.Progress;
        _meter.Restart();
        _meter.Add(10, 0.3, 0);

        (first.Loss, first.LearningRate, first.GradientNorm, first.Step).Should().Be((4, 0.2, 7, 2));
        _meter.Progress.Loss.Should().Be(10);
    }

    [Fact]
    public void After_a_report_and_before_the_next_step_nothing_changes() // a long training evaluates right after a report
    {
        _meter.Add(3, 0.1, 1);
        var report = _meter.Progress;
        _meter.Restart();

        _meter.Progress.Should().Be(report);
        report.Remaining.Should().BePositive();
        report.ImagesPerSecond.Should().BePositive();
    }

    [Fact]
    public void A_step_belongs_to_the_epoch_of_its_batch()
    {
        var epochs = Enumerable.Range(0, 41).Select(_ =>
        {
            _meter.Add(1, 1, 1);
            return _meter.Progress.Epoch;
        }).ToList();

        (epochs[0], epochs[19], epochs[20], epochs[39], epochs[40]).Should().Be((1, 1, 2, 2, 3));
    }

    [Fact]
    public void It_starts_where_a_resumed_training_stands()
    {
        var meter = new TrainingMeter(epochs: 3, batchesPerEpoch: 20, batchSize: 8, new CheckpointState { Step = 60, Seconds = 1000 });

        (meter.Progress.Epoch, meter.Progress.Step, meter.Progress.TotalSteps).Should().Be((3, 60, 60));
        meter.TrainingTime.Should().BeGreaterThanOrEqualTo(TimeSpan.FromSeconds(1000));
    }

    [Fact]
    public void A_pause_is_no_time_of_the_training()
    {
        _meter.Pause();
        var paused = _meter.TrainingTime;
        Thread.Sleep(5);

        _meter.TrainingTime.Should().Be(paused);
        _meter.Continue();
        Thread.Sleep(5);
        _meter.TrainingTime.Should().BeGreaterThan(paused);
    }
}
