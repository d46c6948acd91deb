using System.Text.Json.Nodes;
using Tweedie.Configuration;
using Tweedie.Evaluation;
using Tweedie.Formats;
using Tweedie.Images;
using Tweedie.Models;
using Tweedie.Platform;
using Tweedie.Sampling;
using Tweedie.Training;
using static TorchSharp.torch;

namespace Tweedie.Tests.Training;

[Collection(GlobalState.Name)]
public sealed class TrainerTests : IDisposable
{
    private readonly TrainingFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Each_line_of_the_log_is_json_with_loss_and_learning_rate_or_with_metrics()
    {
        var metrics = _folder.Train(TinyRun.Config.With(training => training with { LogEvery = 4 }));

        var lines = File.ReadLines(_folder.Run.Metrics).Select(line => JsonNode.Parse(line)!.AsObject()).Select(line =>
        {
            line.Remove("time");
            return line.ToDictionary(pair => pair.Key, pair => (double)pair.Value!);
        }).ToList();
        lines.Select(line => line["step"]).Should().Equal(4, 6, 8, 12, 12);
        string[] evaluation = ["step", "seconds", "validationLoss", "top1.1steps.last", "top1.1steps.consensus", "top1.3steps.last", "top1.3steps.consensus"];
        foreach (var line in lines.Where(line => line["step"] == 6 || line == lines[^1]))
            line.Keys.Should().BeEquivalentTo(evaluation);
        foreach (var line in lines.Where(line => line["step"] != 6 && line != lines[^1]))
        {
            line.Keys.Should().BeEquivalentTo("step", "seconds", "epoch", "loss", "learningRate", "gradientNorm", "imagesPerSecond");
            line["loss"].Should().BeInRange(0.01, 10);
        }
        lines[2]["learningRate"].Should().Be(LearningRateSchedule.Create(TinyRun.Config.Training, TinyRun.StepsPerEpoch).At(7));
        metrics.Should().BeEquivalentTo(lines[^1].Where(pair => pair.Key is not ("step" or "seconds")));
        Directory.EnumerateFiles(_folder.Run.Path, "events.*").Should().ContainSingle();
    }

    [Fact]
    public void Without_held_out_images_there_are_no_metrics()
    {
        var config = TinyRun.Config with { Data = TinyRun.Config.Data with { Holdout = 0 } };

        _folder.Train(config).Should().BeEmpty();

        File.ReadLines(_folder.Run.Metrics).Should().OnlyContain(line => line.Contains("\"loss\""));
    }

    [Fact]
    public void Progress_counts_steps_and_epochs_and_tells_of_evaluations()
    {
        var reports = new Reports();

        _folder.Train(TinyRun.Config, reports: reports);

        reports.Steps.Select(report => report.Step).Should().Equal(Enumerable.Range(1, TinyRun.Steps).Select(step => (long)step));
        reports.Steps.Select(report => report.Epoch).Should().Equal(Enumerable.Range(0, TinyRun.Steps).Select(step => step / TinyRun.StepsPerEpoch + 1));
        reports.Steps.Should().OnlyContain(report => report.TotalSteps == TinyRun.Steps && report.ImagesPerSecond > 0 && report.GradientNorm > 0);
        reports.Evaluations.Select(report => report.Epoch).Should().Equal(1, 2);
    }

    [Fact]
    public void The_runs_config_is_complete_and_binds_back_to_an_equal_one()
    {
        var config = TinyRun.Config with { Data = TinyRun.Config.Data with { Mean = [0.4914, 0.4822, 0.4465] } };
        using var task = config.CreateTask(CPU);
        _folder.TrainUntil(1, config);

        var written = ConfigDocument.Load(_folder.Run.Config).Bind<ClassificationRun>();

        written.Should().BeEquivalentTo((ClassificationRun)task.Config, options => options.PreferringRuntimeMemberTypes());
        written.Model.ClassNames.Should().HaveCount(10);
        written.Model.Mean.Should().Equal(0.4914, 0.4822, 0.4465);
        using var again = written.CreateTask(CPU);
        ConfigWriter.ToYaml(again.Config).Should().Be(ConfigWriter.ToYaml(task.Config));
    }

    [Fact]
    public void The_model_folder_holds_the_averaged_weights()
    {
        _folder.Train(TinyRun.Config);

        var weights = _folder.Weights();
        weights["model/model.safetensors"].Should().Equal(weights["checkpoints/step-000012/ema.safetensors"])
            .And.NotEqual(weights["checkpoints/step-000012/model.safetensors"]);
        using var classifier = ImageClassifier.Load(_folder.Run.Model);
        classifier.Options.ClassNames.Should().HaveCount(10);
    }

    [Fact]
    public void The_metrics_are_those_of_the_saved_model_on_the_held_out_images()
    {
        var metrics = _folder.Train(TinyRun.Config);

        using var classifier = ImageClassifier.Load(_folder.Run.Model);
        var held = ImageSplits.Open(TinyRun.Config.Data, TinyRun.Config.Seed).Held!;
        using var images = EncodedImages.Encode(classifier.Model, held, batchSize: 20);
        var settings = new EvaluationSettings { Steps = [1, 3], Decode = Enum.GetValues<DecodeKind>(), Seed = TinyRun.Config.Seed };
        var rows = Evaluator.Evaluate(classifier.Model, [images], settings, [() => new LabelAccuracy(held)]);
        rows.ToDictionary(row => $"top1.{row.Name}", row => row.Values["top1"]).Should().BeEquivalentTo(metrics.Where(pair => pair.Key != "validationLoss"));
    }

    [Fact]
    public void The_average_starts_from_the_initial_weights()
    {
        using var scope = NewDisposeScope();
        using var task = TinyRun.Config.CreateTask(CPU);
        var initial = task.Network.named_parameters().ToDictionary(pair => pair.name, pair => pair.parameter.detach());

        _folder.TrainUntil(1, TinyRun.Config);

        var checkpoint = Path.Combine(_folder.Run.Checkpoints, "step-000001");
        var (weights, average) = (SafeTensors.Load(Path.Combine(checkpoint, "model.safetensors")), SafeTensors.Load(Path.Combine(checkpoint, "ema.safetensors")));
        foreach (var (name, before) in initial)
        {
            weights[name].ShouldNotEqual(before);
            average[name].ShouldBeWithin(1e-6, before.Times(0.1).Plus(weights[name].Times(0.9))); // a = (1 + 0)/(10 + 0)
        }
    }

    [Fact]
    public void Bfloat16_gives_nearly_the_same_losses()
    {
        Assert.SkipUnless(Autocast.IsSupported, "needs a libtorch with autocast");
        var (full, mixed) = (Losses(TinyRun.Config), Losses(TinyRun.Config.With(training => training with { Precision = Precision.Bf16 })));

        mixed.Should().NotEqual(full);
        mixed[0].Should().BeApproximately(full[0], 0.02 * full[0]);
        mixed[^1].Should().BeApproximately(full[^1], 0.1 * full[^1]);
    }

    [Fact]
    public void Micro_batches_give_the_gradients_of_one_batch()
    {
        var config = TinyRun.Config.With(training => training with { Epochs = 1, BatchSize = 32, ClipNorm = 0 }) with
        {
            Data = TinyRun.Config.Data with { Train = "shapes:count=32,size=16", Holdout = 0 },
            Model = TinyRun.Config.Model with { Method = TokenMethod.Linear },
        };
        using var scope = NewDisposeScope();

        var whole = GradientsOfOneStep(config);
        var parts = GradientsOfOneStep(config.With(training => training with { Accumulation = 4 }));

        whole.Values.Sum(gradient => gradient.abs().sum().item<float>()).Should().BePositive();
        foreach (var (name, gradient) in parts)
            gradient.ShouldBeWithin(1e-5, whole[name]);
    }

    [Fact]
    public void No_step_leaves_a_tensor_behind()
    {
        var counts = new List<long>();
        var config = TinyRun.Config.With(training => training with { Epochs = 34, ConditionDropout = 0.5, Accumulation = 2, CheckpointEpochs = 8 });

        LiveTensors.LeftBy(() => _folder.Train(config, reports: new Reports(_ => counts.Add(LiveTensors.Count)))).Should().Be(0);

        counts.Should().HaveCountGreaterThan(200);
        counts.Distinct().Should().ContainSingle("200 steps, checkpoints and evaluations hold no more tensors than the first step");
    }

    private static List<double> Losses(ClassificationRun config)
    {
        using var folder = new TrainingFolder();
        var reports = new Reports();
        folder.Train(config, reports: reports);
        return [.. reports.Steps.Select(report => report.Loss)];
    }

    private static Dictionary<string, Tensor> GradientsOfOneStep(ClassificationRun config)
    {
        using var folder = new TrainingFolder();
        using var task = config.CreateTask(CPU);
        new Trainer(task, folder.Run).Run(resume: false);
        return task.Network.named_parameters().ToDictionary(pair => pair.name, pair => pair.parameter.grad!.clone());
    }
}
