using System.Text.Json;
using Tweedie.Models;
using Tweedie.Sampling;

namespace Tweedie.Tests.Models;

public sealed class ModelFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Config => _folder.File("config.json");

    private string Weights => _folder.File("model.safetensors");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("method=tdd")]
    [InlineData("method=linear")]
    [InlineData("encoder.pooling=mean")]
    [InlineData("encoder.classTokens=2")]
    [InlineData("diffusion.prediction=noise")]
    public void A_loaded_model_predicts_what_the_saved_one_did(string kind)
    {
        var options = TinyClassifier.Options.Set(kind);
        using var saved = TinyClassifier.Create(options);
        saved.Save(_folder.Path);
        using var loaded = ImageClassifier.Load(_folder.Path);
        using var images = TinyClassifier.Images(4);

        using var expected = saved.Predict(images, new SamplingOptions { Steps = 3, Draws = 2 });
        using var actual = loaded.Predict(images, new SamplingOptions { Steps = 3, Draws = 2 });

        actual.Mean.ShouldEqual(expected.Mean);
        actual.Variance.ShouldEqual(expected.Variance);
        loaded.Options.Should().BeEquivalentTo(options);
        _folder.FileNames.Should().BeEquivalentTo("config.json", "model.safetensors");
    }

    [Fact]
    public void The_config_is_json_that_people_can_read()
    {
        Save();

        var text = File.ReadAllText(Config);
        text.Should().StartWith("{\n  \"method\": \"tdd\",\n  \"classNames\": [").And.EndWith("}\n");
        using var json = JsonDocument.Parse(text);
        Keys(json.RootElement).Should().AllSatisfy(key => char.IsLower(key[0]).Should().BeTrue())
            .And.Contain(["classNames", "encoder", "imageSize", "denoiser", "mlpRatio", "diffusion", "prediction", "mean", "std"]);
    }

    [Fact]
    public void A_missing_folder_or_file_is_named()
    {
        ShouldFail(_folder.File("nowhere"), "*nowhere: no such model folder; give the folder that holds config.json and model.safetensors.");

        Save();
        File.Delete(Weights);
        ShouldFail($"{Weights}: cannot be read: it does not exist");

        File.Delete(Config);
        ShouldFail($"{_folder.Path}: holds no model; give the folder of a model, with config.json and model.safetensors, that of a training, or one of its checkpoints.");
    }

    [Theory]
    [InlineData("\"method\": \"tdd\"", "\"method\": \"tdd\", \"colour\": 1", "*config.json:2: *colour*")]
    [InlineData("\"tdd\"", "\"gan\"", "*config.json:2: method = *gan*")]
    [InlineData("\"depth\": 1", "\"depth\": 0", "*config.json:*: encoder.depth = 0 is out of range*")]
    [InlineData("\"heads\": 2", "\"heads\": 3", "*config.json:*: encoder.heads = 3 must divide width (16)")]
    [InlineData("\"mean\": [", "\"mean\": [ 0.5,", "*config.json: mean = [0.5, 0.5, 0.5, 0.5] and std = [0.25, 0.25, 0.25]; give one number*channels = 3*")]
    [InlineData("\"std\": [", "\"std\": [ -1,", "*config.json: mean = *std = [-1, *")]
    [InlineData("\"ant\",", "", "*model.safetensors: the weights do not fit the model's configuration: different denoiser.head.*")]
    [InlineData("\"patchSize\": 8", "\"patchSize\": 4", "*model.safetensors: *different encoder.*pos_embed (1, 5, 16) instead of (1, 17, 16)*")]
    [InlineData("\"method\": \"tdd\"", "\"method\": \"linear\"", "*model.safetensors: *missing head.*unexpected denoiser.*")]
    public void A_config_that_is_wrong_or_does_not_fit_the_weights_is_named(string text, string changed, string message)
    {
        Save();
        var config = File.ReadAllText(Config);
        var at = config.IndexOf(text, StringComparison.Ordinal);
        at.Should().BePositive();
        File.WriteAllText(Config, config[..at] + changed + config[(at + text.Length)..]);

        ShouldFail(message);
    }

    [Fact]
    public void A_model_needs_two_classes()
    {
        using var classifier = TinyClassifier.Create(TinyClassifier.Options with { ClassNames = ["all"] });
        classifier.Save(_folder.Path);

        ShouldFail("*config.json: classNames has 1 entries; a classifier needs at least 2.");
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_named()
    {
        File.WriteAllText(_folder.File("file"), "");
        using var classifier = TinyClassifier.Create();

        foreach (var name in new[] { "file", "file/model" })
        {
            var save = () => classifier.Save(_folder.File(name));
            save.Should().Throw<TweedieException>().WithMessage($"{_folder.File(name)}: cannot be written: *").Which.Message.Should().NotContain("\n");
        }
    }

    [Fact]
    public void Loading_and_failing_to_load_leave_no_tensor_behind()
    {
        Save();
        LiveTensors.LeftBy(() => ImageClassifier.Load(_folder.Path).Dispose()).Should().Be(0);

        File.WriteAllText(Weights, "");
        LiveTensors.LeftBy(() => ShouldFail("*")).Should().Be(0);
    }

    private void Save()
    {
        using var classifier = TinyClassifier.Create();
        classifier.Save(_folder.Path);
    }

    private void ShouldFail(string message) => ShouldFail(_folder.Path, message);

    private static void ShouldFail(string folder, string message)
    {
        var load = () => ImageClassifier.Load(folder).Dispose();
        load.Should().Throw<TweedieException>().WithMessage(message).Which.Message.Should().NotContain("\n");
    }

    private static IEnumerable<string> Keys(JsonElement element) => element.ValueKind != JsonValueKind.Object ? []
        : element.EnumerateObject().SelectMany(property => Keys(property.Value).Prepend(property.Name));
}
