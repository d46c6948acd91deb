namespace Tweedie.Tests.Training;

/// <summary>Resumes with another config than the run began with.</summary>
[Collection(GlobalState.Name)]
public sealed class ResumeChangeTests : IDisposable
{
    private readonly TrainingFolder _whole = new();
    private readonly TrainingFolder _folder = new();

    public void Dispose()
    {
        _whole.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("training.learningRate=0.1", "training.learningRate was 0.05 and is now 0.1")]
    [InlineData("training.epochs=3", "training.epochs was 2 and is now 3")]
    [InlineData("seed=9", "seed was 3 and is now 9")]
    [InlineData("data.mean=[0.1, 0.2, 0.3]", "data.mean was null and is now [0.1,0.2,0.3]")]
    [InlineData("data.augment.flip=true data.limit=50", "data.limit was null and is now 50; data.augment.flip was false and is now true")]
    [InlineData("model.encoder.width=32 data.workers=2 seed=9", "model.encoder.width was 16 and is now 32; seed was 3 and is now 9")]
    [InlineData("model.method=linear", "model.method was \"tdd\" and is now \"linear\"")]
    public void A_change_of_the_result_is_refused_with_every_difference_and_damages_nothing(string changes, string differences)
    {
        _folder.TrainUntil(4, TinyRun.Config);
        var before = _folder.Snapshot();

        var resume = () => _folder.Train(TinyRun.Config.Set(changes.Replace(", ", ",", StringComparison.Ordinal).Split(' ')), resume: true);

        resume.Should().Throw<TweedieException>().WithMessage($"*step-000004: *that would change the result; resume with the old values, with allowChanges: true, or start anew*")
            .Which.Message.Should().ContainAll(differences.Split("; ")).And.NotContainAny("data.workers", "\n");
        _folder.Snapshot().Should().BeEquivalentTo(before);
        _folder.Train(TinyRun.Config, resume: true);
    }

    [Fact]
    public void Changes_that_keep_the_result_are_named_and_the_weights_are_those_of_the_whole_run()
    {
        _whole.Train(TinyRun.Config);
        _folder.TrainUntil(4, TinyRun.Config);
        var reports = new Reports();

        _folder.Train(
            TinyRun.Config.Set(
                "data.workers=2", "data.test=shapes:count=8,size=16", "training.logEvery=5", "training.keepCheckpoints=3", "training.checkpointEpochs=2",
                "training.nonFinite=skip", "training.maxSkippedSteps=3", "evaluation.steps=[2]"),
            resume: true, reports);

        reports.Warnings.Should().BeEquivalentTo(
            "data.workers was 0 and is now 2", "data.test was null and is now \"shapes:count=8,size=16\"", "training.logEvery was 1 and is now 5",
            "training.keepCheckpoints was 2 and is now 3", "training.checkpointEpochs was 1 and is now 2", "training.nonFinite was \"stop\" and is now \"skip\"",
            "training.maxSkippedSteps was 10 and is now 3", "evaluation.steps was [1,3] and is now [2]");
        _folder.Weights().Should().BeEquivalentTo(_whole.Weights());
    }

    [Fact]
    public void A_change_of_the_result_can_be_allowed_and_is_named()
    {
        _whole.Train(TinyRun.Config);
        _folder.TrainUntil(4, TinyRun.Config);
        var reports = new Reports();

        _folder.Train(TinyRun.Config.Set("training.learningRate=0.1"), resume: true, reports, allowChanges: true);

        reports.Warnings.Should().Equal("training.learningRate was 0.05 and is now 0.1, which changes the result");
        reports.Steps.First().Step.Should().Be(5);
        _folder.Weights()["model/model.safetensors"].Should().NotEqual(_whole.Weights()["model/model.safetensors"]);
    }

    [Fact]
    public void Weights_of_another_shape_are_refused_even_where_changes_are_allowed()
    {
        _folder.TrainUntil(4, TinyRun.Config);

        var resume = () => _folder.Train(TinyRun.Config.Set("model.encoder.width=32"), resume: true, allowChanges: true);

        resume.Should().Throw<TweedieException>().WithMessage("*model.safetensors: the weights do not fit the model's configuration: *");
    }
}
