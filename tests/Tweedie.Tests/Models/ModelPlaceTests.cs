using Tweedie.Images;
using Tweedie.Models;
using Tweedie.Networks;
using Tweedie.Tests.Training;
using Tweedie.Training;
using static TorchSharp.torch;

namespace Tweedie.Tests.Models;

/// <summary>A model is named by its own folder, by that of its training, or by a checkpoint.</summary>
[Collection(GlobalState.Name)]
public sealed class ModelPlaceTests : IDisposable
{
    private static readonly CaptionRun Captions = new()
    {
        Data = new DataOptions { Train = "scenes:count=40,phrasings=2", Holdout = 8, Workers = 0 },
        Model = TinyCaptioner.Options with { Tokens = 28, Encoder = TinyRun.Encoder with { ImageSize = 32 }, Mean = [], Std = [] },
        Training = TinyRun.Config.Training with { Epochs = 1, Reuse = 1 },
        Evaluation = TinyRun.Config.Evaluation with { Steps = [1] },
    };

    private static readonly ClipRun Clip = new()
    {
        Data = Captions.Data,
        Model = new ClipModelOptions
        {
            Network = new ClipOptions
            {
                EmbeddingWidth = 16,
                Image = new ClipImageOptions { ImageSize = 32, PatchSize = 8, Width = 16, Depth = 1, Heads = 2, MlpRatio = 2 },
                Text = new ClipTextOptions { Length = 40, Width = 16, Depth = 1, Heads = 2, MlpRatio = 2 },
            },
        },
        Training = Captions.Training,
    };

    private readonly TrainingFolder _folder = new();

    private string Checkpoint => Directory.GetDirectories(_folder.Run.Checkpoints).Order().Last();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_classifier_and_its_encoder_are_the_same_by_every_name() => ShouldBeTheSame(TinyRun.Config, folder =>
    {
        using var encoder = ImageEncoder.Load(folder);
        encoder.Options.Encoder.Should().Be(TinyRun.Encoder);
        var classifier = ImageClassifier.Load(folder);
        return (classifier, classifier.Network, classifier.Options);
    });

    [Fact]
    public void A_captioner_has_its_tokenizer_by_every_name() => ShouldBeTheSame(Captions, folder =>
    {
        var captioner = ImageCaptioner.Load(folder);
        return (captioner, captioner.Network, captioner.Tokenizer.VocabularySize);
    });

    [Fact]
    public void A_clip_has_its_tokenizer_by_every_name() => ShouldBeTheSame(Clip, folder =>
    {
        var clip = ClipModel.Load(folder);
        return (clip, clip.Network, (clip.Tokenizer.VocabularySize, clip.WeightsHash));
    });

    [Fact]
    public void A_training_without_a_model_names_its_checkpoint()
    {
        _folder.TrainUntil(4, TinyRun.Config);
        using var loaded = ImageClassifier.Load(Checkpoint);

        ShouldFail(_folder.Run.Path, $"{_folder.Run.Path}: is a training without a model, which its first evaluation writes; give a checkpoint, such as {Checkpoint}, or resume the training.");
        Directory.Delete(_folder.Run.Checkpoints, recursive: true);
        ShouldFail(_folder.Run.Path, $"{_folder.Run.Path}: is a training without a model, which its first evaluation writes; wait for it, or resume the training.");
    }

    [Fact]
    public void A_checkpoint_that_does_not_say_what_model_it_is_names_the_way_out()
    {
        _folder.TrainUntil(4, TinyRun.Config);
        Directory.Delete(Path.Combine(Checkpoint, "model"), recursive: true);

        ShouldFail(Checkpoint, $"{Checkpoint}: is a checkpoint that does not say which model it is; give the training's model folder, or resume the training.");
    }

    [Fact]
    public void A_folder_that_is_no_model_is_described_in_one_line()
    {
        _folder.Train(TinyRun.Config);
        var (above, checkpoints, file) = (Path.GetDirectoryName(_folder.Run.Path)!, _folder.Run.Checkpoints, _folder.Run.Config);

        ShouldFail(checkpoints, $"{checkpoints}: holds the checkpoints of a training; give one of them, such as {Checkpoint}.");
        ShouldFail(above, $"{above}: holds no model itself, but folders that do; give one of them, such as {_folder.Run.Path}.");
        ShouldFail(file, $"{file}: is a file; give the folder that holds config.json and model.safetensors.");
        var empty = Directory.CreateDirectory(Path.Combine(above, "empty")).FullName;
        ShouldFail(empty, $"{empty}: holds no model; give the folder of a model, with config.json and model.safetensors, that of a training, or one of its checkpoints.");
    }

    private void ShouldBeTheSame(RunConfig config, Func<string, (IDisposable Owner, nn.Module Network, object Facts)> load)
    {
        _folder.Train(config);
        var models = new[] { _folder.Run.Model, _folder.Run.Path, Checkpoint }.Select(load).ToList();
        using var scope = NewDisposeScope();
        var expected = models[0].Network.state_dict();
        foreach (var (_, network, facts) in models.Skip(1))
        {
            foreach (var (name, values) in network.state_dict())
                values.ShouldEqual(expected[name]);
            facts.Should().BeEquivalentTo(models[0].Facts);
        }
        models.ForEach(model => model.Owner.Dispose());
    }

    private static void ShouldFail(string folder, string message) =>
        FluentActions.Invoking(() => ImageClassifier.Load(folder)).Should().Throw<TweedieException>().WithMessage(message);
}
