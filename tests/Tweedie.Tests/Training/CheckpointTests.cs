using System.Security.Cryptography;
using Tweedie.Training;

namespace Tweedie.Tests.Training;

[Collection(GlobalState.Name)]
public sealed class CheckpointTests : IDisposable
{
    private static readonly string[] _files = ["SHA256SUMS", "config.json", "ema.safetensors", "model.safetensors", "optimizer.safetensors", "state.json"];

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
        Directory.Exists(_folder.Run.Model).Should().BeFalse("no evaluation has written a model");
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

        resume.Should().Throw<TweedieException>().WithMessage("*checkpoints: there is no checkpoint to resume from; start without resume: true.");
        Directory.Exists(_folder.Run.Path).Should().BeFalse();
    }

    [Fact]
    public void A_new_run_in_the_folder_of_another_is_refused()
    {
        _folder.TrainUntil(2, TinyRun.Config);

        var again = () => _folder.Train(TinyRun.Config);

        again.Should().Throw<TweedieException>().WithMessage("*step-000002: the folder already holds a run; continue it with resume: true, or choose another folder.");
    }

    [Theory]
    [InlineData("model.safetensors")]
    [InlineData("ema.safetensors")]
    [InlineData("optimizer.safetensors")]
    [InlineData("config.json")]
    [InlineData("state.json")]
    [InlineData("model/config.json")]
    [InlineData("SHA256SUMS")]
    public void A_damaged_newest_checkpoint_is_found_and_the_one_before_is_used(string file)
    {
        _folder.Train(TinyRun.Config);
        var weights = _folder.Weights();
        Directory.Delete(_folder.Run.Model, recursive: true);
        var newest = Path.Combine(_folder.Run.Checkpoints, "step-000012");
        FlipABit(Path.Combine(newest, file));
        var reports = new Reports();

        _folder.Train(TinyRun.Config, resume: true, reports);

        reports.Warnings.Should().ContainSingle().Which.Should().StartWith($"{newest}: '").And.EndWith("is not as it was written; continuing from step-000006");
        reports.Steps.First().Step.Should().Be(7);
        _folder.Checkpoints.Should().Equal("step-000006", "step-000012", "step-000012.damaged");
        _folder.Weights().Should().BeEquivalentTo(weights);
    }

    [Theory]
    [InlineData("ema.safetensors")]
    [InlineData("SHA256SUMS")]
    public void A_checkpoint_without_one_of_its_files_is_damaged(string file)
    {
        _folder.Train(TinyRun.Config);
        File.Delete(Path.Combine(_folder.Run.Checkpoints, "step-000012", file));
        var reports = new Reports();

        _folder.Train(TinyRun.Config, resume: true, reports);

        reports.Warnings.Should().ContainSingle().Which.Should().Contain(file).And.EndWith("continuing from step-000006");
    }

    [Fact]
    public void Where_no_checkpoint_is_whole_each_is_named_and_no_checkpoint_is_changed()
    {
        _folder.Train(TinyRun.Config);
        FlipABit(Path.Combine(_folder.Run.Checkpoints, "step-000006", "model.safetensors"));
        FlipABit(Path.Combine(_folder.Run.Checkpoints, "step-000012", "ema.safetensors"));
        var before = _folder.Snapshot();

        var resume = () => _folder.Train(TinyRun.Config, resume: true);

        resume.Should().Throw<TweedieException>().WithMessage("*no checkpoint is whole (*step-000012: 'ema.safetensors' is not*step-000006: 'model.safetensors' is not*")
            .Which.Message.Should().NotContain("\n");
        _folder.Snapshot().Should().BeEquivalentTo(before);
    }

    [Fact]
    public void The_hashes_are_those_of_the_usual_tool()
    {
        _folder.TrainUntil(1, TinyRun.Config);
        var checkpoint = Path.Combine(_folder.Run.Checkpoints, "step-000001");

        var lines = File.ReadAllLines(Path.Combine(checkpoint, "SHA256SUMS"));

        lines.Should().BeEquivalentTo(_files.Append("model/config.json").Where(name => name != "SHA256SUMS").Select(name =>
            $"{Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(checkpoint, name))))}  {name}"));
    }

    private static void FlipABit(string file)
    {
        var bytes = File.ReadAllBytes(file);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(file, bytes);
    }
}
