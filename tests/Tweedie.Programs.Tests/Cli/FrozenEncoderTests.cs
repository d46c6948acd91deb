using Tweedie.Images;
using Tweedie.Models;
using Tweedie.Onnx;
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
        CommandLine.Run("eval", "--model", Path.Combine(_folder.Path, "linear"), "--data", Data, "--precision", "bf16").ExitCode.Should().Be(0);
    }

    [Fact]
    public void Measuring_takes_kept_features_and_keeps_those_that_it_computes()
    {
        var run = Train("run", Config());
        var cache = Path.Combine(_folder.Path, "cache");
        var (trained, other) = (Shards(cache), Path.Combine(_folder.Path, "other"));

        var first = CommandLine.Run("eval", "--model", run, "--data", Data, "--split", "val", "--steps", "2", "--json", "-").Json();
        Shards(cache).Should().Be(trained + 1, "the cache of the training keeps the features of new images");
        var second = CommandLine.Run("eval", "--model", Path.Combine(run, "model"), "--data", Data, "--split", "val", "--steps", "2", "--json", "-").Json();
        CommandLine.Run("calibrate", "--model", run, "--data", Data, "--split", "val").ExitCode.Should().Be(0);
        CommandLine.Run("compare", "--model", run, "--model", run, "--data", Data, "--split", "val").ExitCode.Should().Be(0);
        CommandLine.Run("eval", "--model", run, "--data", Data, "--split", "val", "--feature-cache", other).ExitCode.Should().Be(0);

        Shards(cache).Should().Be(trained + 1, "images that are measured again are not encoded again");
        Shards(other).Should().Be(1);
        second.GetProperty("results")[0].GetProperty("top1").GetDouble().Should().Be(first.GetProperty("results")[0].GetProperty("top1").GetDouble());
        first.GetProperty("origin").GetProperty("data").GetProperty("split").GetString().Should().Be("validation");

        static int Shards(string cache) => Directory.GetFiles(cache, "*.features", SearchOption.AllDirectories).Length;
    }

    [Fact]
    public void The_models_of_a_training_share_the_encoder_and_each_is_whole()
    {
        _folder.Write("encoders/weights.bin", new byte[12]);
        File.WriteAllBytes(_encoder, TinyOnnx.WithExternalData("weights.bin"));
        var run = Train("run", Config());
        string[] models = [Path.Combine(run, "model"), Path.Combine(run, "model-last")];

        foreach (var file in new[] { "tiny.onnx", "weights.bin" })
        {
            var time = new DateTime(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc);
            File.SetLastWriteTimeUtc(Path.Combine(models[0], file), time);
            File.GetLastWriteTimeUtc(Path.Combine(models[1], file)).Should().Be(time, "it is one file with two names");
            File.GetLastWriteTimeUtc(Path.Combine(_folder.Path, "encoders", file)).Should().NotBe(time, "the encoder of the user is another file");
        }
        Directory.Delete(models[1], recursive: true);
        Directory.Delete(Path.Combine(_folder.Path, "encoders"), recursive: true);
        OnnxEncoder.Register();
        using (var classifier = ImageClassifier.Load(run))
            classifier.Save(Path.Combine(_folder.Path, "copy"));
        CommandLine.Run("eval", "--model", Path.Combine(_folder.Path, "copy"), "--data", Data, "--steps", "1", "--feature-cache", Path.Combine(_folder.Path, "cache")).ExitCode.Should().Be(0);
        File.WriteAllBytes(Path.Combine(models[0], "weights.bin"), [1, .. new byte[11]]);
        CommandLine.Run("eval", "--model", run, "--data", Data).ShouldBeOneLineError(1, "is not the encoder");
    }

    [Fact]
    public void A_dry_run_shows_how_far_the_features_are()
    {
        var result = CommandLine.Run("train", "--config", Write(Config()), "--out", Path.Combine(_folder.Path, "run"), "--dry-run");

        result.ExitCode.Should().Be(0, result.Error);
        result.Output.Should().Contain("features of ");
        Directory.Exists(Path.Combine(_folder.Path, "run")).Should().BeFalse();
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
        var described = CommandLine.Run("features", "--onnx", _encoder, "--feature-cache", cache, "--json", "-").Json();

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
