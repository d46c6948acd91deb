using System.Text.Json;
using Tweedie.Configuration;
using Tweedie.Images;
using Tweedie.Models;
using Tweedie.Networks;
using Tweedie.Training;
using static TorchSharp.torch;

namespace Tweedie.Tests.Training;

[Collection(GlobalState.Name)]
public sealed class ClipTaskTests : IDisposable
{
    private static readonly ClipRun _config = new()
    {
        Seed = 3,
        Data = new DataOptions { Train = "scenes:count=72,size=32", Holdout = 24, Workers = 0 },
        Model = new ClipModelOptions
        {
            Network = new ClipOptions
            {
                EmbeddingWidth = 16,
                Image = new ClipImageOptions { ImageSize = 32, PatchSize = 8, Width = 32, Depth = 2, Heads = 2, MlpRatio = 2 },
                Text = new ClipTextOptions { Length = 40, Width = 32, Depth = 1, Heads = 2, MlpRatio = 2 },
            },
        },
        Training = new TrainingOptions { Epochs = 2, BatchSize = 16, LearningRate = 0.04, WarmupEpochs = 1, WeightDecay = 0.05, LabelSmoothing = 0, EmaDecay = 0.9, LogEvery = 1 },
    };

    private readonly TrainingFolder _whole = new();
    private readonly TrainingFolder _parts = new();

    public void Dispose()
    {
        _whole.Dispose();
        _parts.Dispose();
    }

    [Fact]
    public void A_trained_clip_is_loaded_with_its_tokenizer_and_finds_captions_far_above_chance()
    {
        var config = _config with
        {
            Data = _config.Data with { Train = "scenes:count=664,size=32,phrasings=1" },
            Training = _config.Training with { Epochs = 8 },
        };

        var metrics = _whole.Train(config);

        metrics.Keys.Should().BeEquivalentTo("imageToText.top1", "imageToText.top5", "textToImage.top1", "textToImage.top5", "validationLoss");
        metrics["imageToText.top5"].Should().BeGreaterThan(3 * 5.0 / 24);
        using var model = ClipModel.Load(_whole.Run.Model);
        model.Tokenizer.VocabularySize.Should().Be(model.Options.Network.Text.VocabularySize);
    }

    [Fact]
    public void A_classifiers_folder_is_no_clip()
    {
        using var classifier = Models.TinyClassifier.Create();
        classifier.Save(_whole.Run.Model);

        FluentActions.Invoking(() => ClipModel.Load(_whole.Run.Model)).Should().Throw<TweedieException>()
            .WithMessage("*holds a model of kind classifier; give the folder of a clip.");
    }

    [Fact]
    public void A_resumed_run_ends_with_the_very_weights_of_an_uninterrupted_one()
    {
        var config = _config with { Data = _config.Data with { Augment = new AugmentOptions { Flip = true } } };
        _whole.Train(config);

        _parts.TrainUntil(2, config);
        _parts.Train(config, resume: true);

        foreach (var (file, bytes) in _whole.Weights())
            _parts.Weights()[file].Should().Equal(bytes, file);
    }

    [Fact]
    public void The_task_takes_its_vocabulary_from_the_tokenizer_and_its_normalisation_from_the_data()
    {
        var config = _config with { Data = _config.Data with { Mean = [0.1, 0.2, 0.3] }, Tokenizer = new TokenizerOptions { MinimumCount = 3 } };

        using var task = config.CreateTask(CPU);

        var model = ((ClipRun)task.Config).Model;
        model.Network.Text.VocabularySize.Should().BeInRange(8, 60);
        (model.Mean[0], model.Std[0]).Should().Be((0.1, new ClipModelOptions().Std[0]));
        task.Parts.Sum(part => part.Parameters).Should().Be(task.Network.parameters().Sum(parameter => parameter.numel()));
    }

    [Fact]
    public void Captions_that_are_cut_are_counted()
    {
        var config = _config with { Model = _config.Model with { Network = _config.Model.Network with { Text = _config.Model.Network.Text with { Length = 5 } } } };

        using var task = config.CreateTask(CPU);

        task.Warnings.Should().ContainSingle().Which.Should().Contain("longer than a row of 5 tokens");
    }

    [Fact]
    public void A_held_out_image_that_cannot_be_read_is_left_out_and_counted_within_the_budget()
    {
        using var data = new TemporaryFolder();
        var scenes = new SceneSource(40);
        Directory.CreateDirectory(data.File("train"));
        foreach (var index in Enumerable.Range(0, scenes.Count))
            ImageWriter.Save(scenes.Read(index), data.File($"train/{index}.png"));
        File.WriteAllText(data.File("captions_train.json"), JsonSerializer.Serialize(new
        {
            images = Enumerable.Range(0, scenes.Count).Select(index => new { id = index, file_name = $"{index}.png" }),
            annotations = Enumerable.Range(0, scenes.Count).Select(index => new { image_id = index, caption = scenes.GetCaptions(index)[0] }),
        }));
        var config = _config with { Data = _config.Data with { Train = data.Path, MaxBadShare = 0.04 } };
        File.WriteAllText(CaptionSplits.Open(config.Data, config.Seed).Held!.Describe(5), "not an image");

        using (var task = config.CreateTask(CPU))
            task.Evaluate(CancellationToken.None)["unreadable"].Should().BeApproximately(1 / 24.0, 1e-9);

        using var strict = (config with { Data = config.Data with { MaxBadShare = 0 } }).CreateTask(CPU);
        FluentActions.Invoking(() => strict.Evaluate(CancellationToken.None)).Should().Throw<TweedieException>().WithMessage("*cannot be read as an image*");
    }

    [Fact]
    public void Mixed_images_are_refused() =>
        FluentActions.Invoking(() => RunConfig.From(ConfigDocument.Parse("task: clip\ndata: { train: \"scenes:count=9\", augment: { mixup: {} } }", "run.yaml")))
            .Should().Throw<TweedieException>().WithMessage("*data.augment.mixup*");

    [Fact]
    public void A_config_chooses_the_task_and_has_no_label_smoothing_unless_asked()
    {
        var run = RunConfig.From(ConfigDocument.Parse("task: clip\ndata: { train: \"scenes:count=9\" }\ntraining: { epochs: 3 }", "run.yaml"));

        run.Should().BeOfType<ClipRun>();
        (run.Training.Epochs, run.Training.LabelSmoothing).Should().Be((3, 0));
    }
}
