using Tweedie.Training;

namespace Tweedie.Tests.Training;

[Collection(GlobalState.Name)]
public sealed class CheckpointTests : IDisposable
{
    private static readonly string[] _files = ["config.json", "ema.safetensors", "model.safetensors", "optimizer.safetensors", "state.json"];

    private readonly TrainingFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Cancelling_leaves_a_whole_checkpoint_of_the_finished_step()
    {
        _folder.TrainUntil(4, TinyRun.Config);

        _folder.Checkpoints.Should().Equal("step-000004");
        var checkpoint = Path.Combine(_folder.Run.Checkpoints, "step-000004");
        Directory.GetFiles(checkpoint).Select(Path.GetFileName).Should().BeEquivalentTo(_files);
        CheckpointStore.ReadState(checkpoint).Step.Should().Be(4);
        Directory.Exists(_folder.Run.Model).Should().BeFalse("only a finished run has a model");
    }

    [Fact]
    public void The_newest_checkpoints_are_kept_and_no_more()
    {
        _folder.Train(TinyRun.Config.With(training => training with { Epochs = 4, KeepCheckpoints = 3 }));

        _folder.Checkpoints.Should().Equal("step-000012", "step-000018", "step-000024");
    }

    [Fact]
    public void Checkpoints_come_every_so_many_epochs_and_at_the_end()
    {
        _folder.Train(TinyRun.Config.With(training => training with { Epochs = 5, CheckpointEpochs = 2, KeepCheckpoints = 10 }));

        _folder.Checkpoints.Should().Equal("step-000012", "step-000024", "step-000030");
    }

    [Fact]
    public void Steps_are_ordered_as_numbers()
    {
        foreach (var step in new[] { "step-999999", "step-1000000", "step-000010.partial", "step-x" })
            Directory.CreateDirectory(Path.Combine(_folder.Run.Checkpoints, step));

        Path.GetFileName(new CheckpointStore(_folder.Run.Checkpoints, keep: 2).Latest).Should().Be("step-1000000");
    }

    [Fact]
    public void What_a_killed_process_left_half_written_is_no_run_and_is_cleared_away()
    {
        Directory.CreateDirectory(Path.Combine(_folder.Run.Checkpoints, "step-000003.partial"));

        _folder.TrainUntil(4, TinyRun.Config);

        _folder.Checkpoints.Should().Equal("step-000004");
    }

    [Fact]
    public void Resuming_without_a_checkpoint_is_refused_and_writes_nothing()
    {
        var resume = () => _folder.Train(TinyRun.Config, resume: true);

        resume.Should().Throw<TweedieException>().WithMessage("*checkpoints: there is no checkpoint to resume from; start without --resume.");
        Directory.Exists(_folder.Run.Path).Should().BeFalse();
    }

    [Fact]
    public void A_new_run_in_the_folder_of_another_is_refused()
    {
        _folder.TrainUntil(2, TinyRun.Config);

        var again = () => _folder.Train(TinyRun.Config);

        again.Should().Throw<TweedieException>().WithMessage("*step-000002: the folder already holds a run; continue it with --resume, or choose another --out.");
    }

    [Theory]
    [InlineData("training.learningRate=0.1", "training.learningRate was 0.05, the config now says 0.1;")]
    [InlineData("training.epochs=3", "training.epochs was 2, the config now says 3;")]
    [InlineData("seed=9", "seed was 3, the config now says 9;")]
    [InlineData("data.mean=[0.1, 0.2, 0.3]", "data.mean was null, the config now says [0.1,0.2,0.3];")]
    [InlineData("model.encoder.width=32", "model.encoder.width was 16, the config now says 32;")]
    [InlineData("model.method=linear", "model.method was \"tdd\", the config now says \"linear\";")]
    public void Resuming_with_another_config_is_refused_and_damages_nothing(string change, string difference)
    {
        _folder.TrainUntil(4, TinyRun.Config);
        var before = Snapshot();

        var resume = () => _folder.Train(TinyRun.Config.Set(change), resume: true);

        resume.Should().Throw<TweedieException>().WithMessage($"*step-000004: {difference} resume with the old value or start anew in another --out.")
            .Which.Message.Should().NotContain("\n");
        Snapshot().Should().BeEquivalentTo(before);
        _folder.Train(TinyRun.Config, resume: true);
    }

    [Fact]
    public void A_damaged_checkpoint_is_named()
    {
        _folder.TrainUntil(4, TinyRun.Config);
        File.WriteAllBytes(Path.Combine(_folder.Run.Checkpoints, "step-000004", "ema.safetensors"), [1, 2, 3]);

        var resume = () => _folder.Train(TinyRun.Config, resume: true);

        resume.Should().Throw<TweedieException>().WithMessage("*ema.safetensors: *");
    }

    private Dictionary<string, string> Snapshot() => Directory.EnumerateFiles(_folder.Run.Path, "*", SearchOption.AllDirectories)
        .ToDictionary(path => path, path => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(path))));
}
