using Tweedie.Configuration;
using Tweedie.Training;
using static TorchSharp.torch;

namespace Tweedie.Tests.Training;

[Collection(GlobalState.Name)]
public sealed class TrainingErrorTests : IDisposable
{
    private readonly TrainingFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_loss_that_is_not_a_number_ends_the_training_and_leaves_the_checkpoint_before_whole()
    {
        using var task = TinyRun.Config.CreateTask(CPU);
        var trainer = new Trainer(task, _folder.Run);
        var poison = Reports.After(8, () =>
        {
            using var noGrad = no_grad();
            task.Network.parameters().First().Fill(double.NaN);
        });

        var train = () => trainer.Run(resume: false, progress: poison);

        train.Should().Throw<TweedieException>().Which.Message.Should()
            .Be($"{_folder.Run.Path}: the loss (NaN) or gradient norm (NaN) of step 9 is not finite, its samples are in non-finite.jsonl; "
                + "resume: true with the setting training.nonFinite=skip leaves it out, or train in another folder with less than training.learningRate = 0.05.");
        _folder.Checkpoints.Should().Equal("step-000006");
        _folder.Train(TinyRun.Config, resume: true).Should().NotBeEmpty();
    }

    [Fact]
    public void An_absurd_learning_rate_ends_in_one_line()
    {
        var train = () => _folder.Train(TinyRun.Config.With(training => training with { LearningRate = 100, BatchSize = 96, Epochs = 30, WarmupEpochs = 0 }));

        train.Should().Throw<TweedieException>().WithMessage("*is not finite*").Which.Message.Should().NotContain("\n");
    }

    [Fact]
    public void A_checkpoint_that_cannot_be_written_ends_the_training_and_leaves_the_one_before_whole()
    {
        var block = Reports.After(8, () => File.WriteAllText(Path.Combine(_folder.Run.Checkpoints, "step-000012.partial"), ""));

        var train = () => _folder.Train(TinyRun.Config, reports: block);

        train.Should().Throw<TweedieException>().WithMessage("*step-000012: the checkpoint cannot be written, earlier ones are whole;*")
            .Which.Message.Should().NotContain("\n");
        File.Delete(Path.Combine(_folder.Run.Checkpoints, "step-000012.partial"));
        _folder.Checkpoints.Should().Equal("step-000006");
        _folder.Train(TinyRun.Config, resume: true).Should().NotBeEmpty();
    }

    [Fact]
    public void A_full_disk_under_the_log_ends_the_training_in_one_line()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "needs /dev/full");
        Directory.CreateDirectory(_folder.Run.Path);
        File.CreateSymbolicLink(_folder.Run.Metrics, "/dev/full");

        var train = () => _folder.Train(TinyRun.Config);

        train.Should().Throw<TweedieException>().WithMessage("*metrics.jsonl: cannot be written: No space left on device*");
    }

    [Fact]
    public void A_run_below_a_file_is_refused()
    {
        File.WriteAllText(_folder.Run.Path, "");

        var train = () => _folder.Train(TinyRun.Config);

        train.Should().Throw<TweedieException>().WithMessage($"{_folder.Run.Path}: cannot be written: *");
    }

    [Fact]
    public void A_model_that_cannot_be_written_ends_in_one_line_and_can_be_written_later()
    {
        var block = Reports.After(3, () => File.WriteAllText(_folder.Run.Model, ""));

        var train = () => _folder.Train(TinyRun.Config, reports: block);

        train.Should().Throw<TweedieException>().WithMessage("*model: cannot be written: *");
        File.Delete(_folder.Run.Model);
        _folder.Train(TinyRun.Config, resume: true);
        File.Exists(Path.Combine(_folder.Run.Model, "model.safetensors")).Should().BeTrue();
    }

    [Theory]
    [InlineData("training.batchSize=200", "*fewer than one batch of 200*")]
    [InlineData("model.encoder.channels=1", "'shapes' has images with 3 channel(s), but the model's input has 1; set model.encoder.channels or choose other data.")]
    [InlineData("model.classNames=[a, b]", "model.classNames has 2 entries, but shapes has 10 classes*")]
    [InlineData("data.train=nowhere", "'nowhere' is neither*")]
    [InlineData("data.mean=[1]", "data.mean has 1 values*")]
    public void A_config_that_does_not_fit_the_data_is_refused_before_anything_is_written(string change, string message) =>
        ShouldBeRefused(TinyRun.Config.Set(change), message);

    [Fact]
    public void A_config_that_contradicts_itself_is_refused_before_anything_is_written()
    {
        ShouldBeRefused(TinyRun.Config.With(training => training with { Accumulation = 3 }), "config: training.accumulation = 3 must divide batchSize (16)");
        ShouldBeRefused(TinyRun.Config with { Evaluation = new EvaluationOptions { Steps = [0] } }, "config: evaluation.steps[0] = 0 is out of range*");
        ShouldBeRefused(TinyRun.Config with { Evaluation = new EvaluationOptions { Steps = [1, 2000] } },
            "config: evaluation.steps = [1, 2000] has more steps than model.diffusion.timesteps = 1000");
    }

    [Theory]
    [InlineData("task: painting", "run.yaml:1: task = painting: is unknown; use one of annotation, caption, classification, clip, text, tokens.")]
    [InlineData("task: [classification]", "run.yaml:1: task = a list of 1: expected a name")]
    public void An_unknown_task_is_named_with_the_ones_there_are(string yaml, string message)
    {
        var read = () => RunConfig.From(ConfigDocument.Parse(yaml, "run.yaml"));
        read.Should().Throw<TweedieException>().WithMessage(message);
    }

    private void ShouldBeRefused(RunConfig config, string message)
    {
        var open = () => TrainingSession.Open(config, _folder.Run, CPU, resume: false);

        open.Should().Throw<TweedieException>().WithMessage(message).Which.Message.Should().NotContain("\n");
        Directory.Exists(_folder.Run.Path).Should().BeFalse();
    }
}
