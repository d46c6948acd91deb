using Tweedie.Training;
using static TorchSharp.torch;

namespace Tweedie.Tests.Training;

[Collection(GlobalState.Name)]
public sealed class TrainingPlanTests : IDisposable
{
    private readonly TrainingFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_plan_needs_no_empty_folder_and_changes_nothing_in_it()
    {
        _folder.TrainUntil(1, TinyRun.Config);
        var before = _folder.Snapshot();

        using var session = TrainingSession.Open(TinyRun.Config, _folder.Run, CPU, resume: false, dryRun: true);
        var plan = session.Plan(measuredSteps: 1);

        plan.TotalSteps.Should().Be(TinyRun.Steps);
        plan.MeasuredImages.Should().BeNull();
        _folder.Snapshot().Should().BeEquivalentTo(before);
    }

    [Theory]
    [InlineData(1, 256)]
    [InlineData(4, 150)]
    public void A_large_batch_is_measured_on_a_part_of_it_and_planned_as_a_whole(int accumulation, int images)
    {
        var config = TinyRun.Config.With(training => training with { BatchSize = 600, Accumulation = accumulation }) with
        {
            Data = TinyRun.Config.Data with { Train = "shapes:count=1220,size=16" },
        };

        using var session = TrainingSession.Open(config, _folder.Run, CPU, resume: false, dryRun: true);
        var plan = session.Plan(measuredSteps: 1);

        plan.MeasuredImages.Should().Be(images);
        (plan.Samples, plan.StepsPerEpoch).Should().Be((1200, 2));
        plan.MeasuredStep.Should().BePositive();
    }

    [Theory]
    [InlineData(16)]
    [InlineData(300)]
    public void A_measurement_can_be_cancelled(int batchSize)
    {
        var config = TinyRun.Config.With(training => training with { BatchSize = batchSize }) with
        {
            Data = TinyRun.Config.Data with { Train = "shapes:count=400,size=16" },
        };
        using var session = TrainingSession.Open(config, _folder.Run, CPU, resume: false, dryRun: true);

        var measure = () => session.Plan(cancellation: new CancellationToken(canceled: true));

        measure.Should().Throw<OperationCanceledException>();
    }
}
