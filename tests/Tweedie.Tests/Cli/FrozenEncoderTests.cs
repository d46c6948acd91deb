using Tweedie.Images;
using Tweedie.Models;
using Tweedie.Tests.Data;
using Tweedie.Tests.Onnx;

namespace Tweedie.Tests.Cli;

/// <summary>Models on the features of a frozen encoder, from the config to the answer.</summary>
public sealed class FrozenEncoderTests : IDisposable
{
    private const string Data = "shapes:count=64,test=16,size=16,seed=3";

    private readonly TemporaryFolder _folder = new();
    private readonly string _encoder;

    public FrozenEncoderTests()
    {
        _encoder = _folder.Write("encoders/tiny.onnx", TinyOnnx.Pooling());
        File.WriteAllText(Path.Combine(_folder.Path, "encoders", PreprocessOptions.FileName), "size: 4\n");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_classifier_trains_on_kept_features_and_takes_its_encoder_along()
    {
        var run = Train("run", Config("positive"));

        File.Exists(Path.Combine(run, "model", "tiny.onnx")).Should().BeTrue();
        Directory.Delete(Path.Combine(_folder.Path, "encoders"), recursive: true);
        var image = Path.Combine(_folder.Path, "image.png");
        ImageWriter.Save(new ShapeSource(1, 16).Read(0), image);
        var answer = CommandLine.Run("classify", "--model", run, image, "--steps", "2", "--json", "-");
        answer.ExitCode.Should().Be(0, answer.Error);
        CommandLine.Run("eval", "--model", run, "--data", Data, "--steps", "2", "--json", "-").Json().GetProperty("samples").GetInt32().Should().Be(16);
        ImageClassifier.ReadOptions(run).Features.Should().BeEquivalentTo(new { Tokens = 16, Width = 3 });

        File.WriteAllBytes(Path.Combine(run, "model", "tiny.onnx"), TinyOnnx.Pooling(1, 4));
        CommandLine.Run("classify", "--model", run, image).ShouldBeOneLineError(1, "tiny.onnx", "is not the encoder");
        File.Delete(Path.Combine(run, "model", "tiny.onnx"));
        CommandLine.Run("classify", "--model", run, image).ShouldBeOneLineError(1, "tiny.onnx");
    }

    [Fact]
    public void A_second_training_encodes_nothing()
    {
        Train("first", Config());
        var linear = CommandLine.Run("train", "--config", Write(Config()), "--out", Path.Combine(_folder.Path, "linear"), "--set", "model.method=linear");
        linear.ExitCode.Should().Be(0, linear.Error);
        linear.Output.Should().Contain(" 0 encoded", "the features are kept").And.NotContain(" 1 encoded");
    }

    [Fact]
    public void A_resume_ends_with_the_weights_of_a_training_in_one_go()
    {
        var whole = Train("whole", Config());
        var config = Write(Config());
        var parts = Path.Combine(_folder.Path, "parts");
        CommandLine.Run("train", "--config", config, "--out", parts).ExitCode.Should().Be(0);
        Directory.Delete(Path.Combine(parts, "checkpoints", "step-000006"), recursive: true); // as if it had stopped after the first epoch

        var resumed = CommandLine.Run("train", "--config", config, "--out", parts, "--resume");

        resumed.ExitCode.Should().Be(0, resumed.Error);
        ModelFolder.HashOf(parts).Should().Be(ModelFolder.HashOf(whole));
    }

    [Theory]
    [InlineData("model.encoder.depth=3", "model.frozen")]
    [InlineData("data.augment.flip=true", "data.views")]
    [InlineData("data.mean=[0,0,0]", "model.frozen.preprocess")]
    [InlineData("model.frozen.output=nothing", "no tensor 'nothing'", "pooled")]
    [InlineData("model.frozen.onnx=absent.onnx", "absent.onnx")]
    [InlineData("model.frozen.preprocess.size=8", "3x4x4", "3x8x8")]
    public void What_does_not_go_with_a_frozen_encoder_is_refused(string change, params string[] words)
    {
        File.WriteAllBytes(_encoder, TinyOnnx.Pooling(size: 4));

        CommandLine.Run("train", "--config", Write(Config()), "--out", Path.Combine(_folder.Path, "refused"), "--set", change).ShouldBeOneLineError(1, words);
    }

    [Fact]
    public void Views_without_a_frozen_encoder_are_refused()
    {
        var config = Config().Replace("frozen:", "# frozen:", StringComparison.Ordinal);

        CommandLine.Run("train", "--config", Write(config), "--out", Path.Combine(_folder.Path, "refused"), "--set", "data.views=2").ShouldBeOneLineError(1, "data.views", "data.augment");
        CommandLine.Run("train", "--config", Write(config), "--out", Path.Combine(_folder.Path, "refused")).ShouldBeOneLineError(1, "data.featureCache");
    }

    [Fact]
    public void Features_are_computed_and_described_and_what_would_be_ignored_is_refused()
    {
        var cache = Path.Combine(_folder.Path, "cache");

        var json = CommandLine.Run("features", "--onnx", _encoder, "--data", "shapes:count=20,size=16", "--views", "2", "--cache", cache, "--json", "-").Json();
        var described = CommandLine.Run("features", "--onnx", _encoder, "--cache", cache, "--json", "-").Json();

        json.GetProperty("rows").GetInt32().Should().Be(40);
        described.GetProperty("rows").GetInt32().Should().Be(40);
        described.TryGetProperty("images", out _).Should().BeFalse();
        CommandLine.Run("features", "--onnx", _encoder, "--views", "2", "--cache", cache).ShouldBeOneLineError(2, "--views", "--data");
        _folder.Write("photos/ant/1.png", 1, 2, 3);
        var broken = CommandLine.Run("features", "--onnx", _encoder, "--data", Path.Combine(_folder.Path, "photos"), "--cache", cache);
        broken.ExitCode.Should().Be(1);
        broken.Error.Should().Contain("1.png");
    }

    private string Train(string name, string config)
    {
        var run = Path.Combine(_folder.Path, name);
        var result = CommandLine.Run("train", "--config", Write(config), "--out", run);
        result.ExitCode.Should().Be(0, result.Error);
        return run;
    }

    private string Write(string config)
    {
        var path = Path.Combine(_folder.Path, "config.yaml");
        File.WriteAllText(path, config);
        return path;
    }

    private string Config(string output = "pooled") => $$"""
        data: { train: "{{Data}}", workers: 0, holdout: 16, featureCache: "{{Path.Combine(_folder.Path, "cache")}}" }
        model:
          frozen: { onnx: "{{_encoder}}", output: {{output}} }
          denoiser: { width: 16, depth: 1, heads: 2, mlpRatio: 1 }
        training: { epochs: 2, batchSize: 16, warmupEpochs: 0, reuse: 2 }
        evaluation: { steps: [1] }
        """;
}
