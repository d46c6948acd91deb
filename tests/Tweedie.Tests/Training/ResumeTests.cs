using Tweedie.Images;
using Tweedie.Models;
using Tweedie.Training;

namespace Tweedie.Tests.Training;

[Collection(GlobalState.Name)]
public sealed class ResumeTests : IDisposable
{
    // This config uses everything that is random and everything that has a state.
    private static readonly ClassificationRun _everything = TinyRun.Config.With(training => training with { ConditionDropout = 0.4, Accumulation = 2 }) with
    {
        Data = TinyRun.Config.Data with { Augment = new AugmentOptions { PadCrop = 2, Flip = true }, Workers = 2 },
        Model = TinyRun.Config.Model with { Encoder = TinyRun.Encoder with { Depth = 2, DropPath = 0.4 } },
    };

    private readonly TrainingFolder _whole = new();
    private readonly TrainingFolder _parts = new();

    public void Dispose()
    {
        _whole.Dispose();
        _parts.Dispose();
    }

    [Theory]
    [InlineData(4)] // within an epoch
    [InlineData(TinyRun.StepsPerEpoch)]
    [InlineData(TinyRun.Steps)] // all steps are done, but nothing is evaluated or saved
    public void A_resumed_run_ends_with_the_very_weights_of_an_uninterrupted_one(long interrupted)
    {
        var metrics = _whole.Train(_everything);

        _parts.TrainUntil(interrupted, _everything);
        var resumedMetrics = _parts.Train(_everything, resume: true);

        resumedMetrics.Should().BeEquivalentTo(metrics);
        ShouldHaveTheSameWeights();
    }

    [Fact]
    public void Several_interruptions_change_nothing_either()
    {
        var config = TinyRun.Config with { Model = TinyRun.Config.Model with { Method = TokenMethod.Linear } };
        _whole.Train(config);

        _parts.TrainUntil(1, config);
        _parts.TrainUntil(5, config, resume: true);
        _parts.TrainUntil(8, config, resume: true);
        _parts.Train(config, resume: true);

        ShouldHaveTheSameWeights();
    }

    [Fact]
    public void Every_kind_of_randomness_and_state_is_on()
    {
        _whole.Train(_everything);
        var weights = _whole.Weights();
        ClassificationRun[] changed =
        [
            _everything.With(training => training with { ConditionDropout = 0 }),
            _everything.With(training => training with { Accumulation = 1 }),
            _everything with { Data = _everything.Data with { Augment = new AugmentOptions() } },
            _everything with { Model = _everything.Model with { Encoder = _everything.Model.Encoder with { DropPath = 0 } } },
            _everything with { Seed = 4 },
        ];

        foreach (var config in changed)
        {
            using var folder = new TrainingFolder();
            folder.Train(config);
            folder.Weights().Should().AllSatisfy(file => file.Value.AsSpan().SequenceEqual(weights[file.Key]).Should().BeFalse());
        }
    }

    [Fact]
    public void The_number_of_workers_does_not_change_the_weights()
    {
        _whole.Train(_everything);
        _parts.Train(_everything with { Data = _everything.Data with { Workers = 0 } });

        ShouldHaveTheSameWeights();
    }

    [Fact]
    public void A_finished_run_can_be_resumed_and_writes_its_model_again()
    {
        var metrics = _whole.Train(TinyRun.Config);
        var weights = _whole.Weights();
        Directory.Delete(_whole.Run.Model, recursive: true);

        _whole.Train(TinyRun.Config, resume: true).Should().BeEquivalentTo(metrics);

        _whole.Weights()["model/model.safetensors"].Should().Equal(weights["model/model.safetensors"]);
    }

    [Fact]
    public void Cancelling_an_evaluation_leaves_a_checkpoint_too()
    {
        var config = TinyRun.Config.With(training => training with { CheckpointEpochs = 100, LogEvery = 100 });
        using var stop = new CancellationTokenSource();
        var reports = new Reports(report =>
        {
            if (report.Metrics is null && !report.IsStart)
                stop.Cancel(); // after the last step, before the final evaluation
        });

        var train = () => _parts.Train(config, reports: reports, cancellation: stop.Token);

        train.Should().Throw<OperationCanceledException>();
        _parts.Checkpoints.Should().Equal("step-000012");
    }

    private void ShouldHaveTheSameWeights()
    {
        var (weights, expected) = (_parts.Weights(), _whole.Weights());
        weights.Keys.Should().BeEquivalentTo(expected.Keys).And.HaveCount(4);
        foreach (var (file, bytes) in weights)
            bytes.AsSpan().SequenceEqual(expected[file]).Should().BeTrue($"{file} must not depend on interruptions");
    }
}
