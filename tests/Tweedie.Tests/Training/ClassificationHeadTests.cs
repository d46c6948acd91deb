using Tweedie.Images;
using Tweedie.Models;
using Tweedie.Training;
using static TorchSharp.torch;

namespace Tweedie.Tests.Training;

/// <summary>Classifiers that begin with an encoder that is trained already, and those with an MLP for a head.</summary>
[Collection(GlobalState.Name)]
public sealed class ClassificationHeadTests : IDisposable
{
    private readonly TrainingFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(TokenMethod.Tdd, true)]
    [InlineData(TokenMethod.Linear, true)]
    [InlineData(TokenMethod.Mlp, true)]
    [InlineData(TokenMethod.Linear, false)]
    public void The_encoder_of_another_model_is_taken_over_and_trained_on_unless_it_is_frozen(TokenMethod method, bool freeze)
    {
        using var first = new TrainingFolder();
        first.Train(TinyRun.Config with { Data = TinyRun.Config.Data with { Mean = [0.3, 0.4, 0.5] } });
        var run = TinyRun.Config with { EncoderFrom = first.Run.Model, FreezeEncoder = freeze, Model = TinyRun.Config.Model with { Encoder = new(), Method = method } };

        _folder.Train(run);

        using var origin = ImageClassifier.Load(first.Run.Model);
        using var classifier = ImageClassifier.Load(_folder.Run.Model);
        classifier.Options.Encoder.Should().Be(origin.Options.Encoder);
        classifier.Options.Mean.Should().Equal(0.3, 0.4, 0.5);
        using var scope = NewDisposeScope();
        classifier.Network.Encoder.parameters().Zip(origin.Network.Encoder.parameters(), (a, b) => (a == b).all().item<bool>()).Should().AllBeEquivalentTo(freeze);
    }

    [Fact]
    public void What_does_not_go_with_such_an_encoder_is_refused()
    {
        Refused(TinyRun.Config with { FreezeEncoder = true }).Should().ContainAll("freezeEncoder", "encoderFrom");
        Refused(TinyRun.Config with { EncoderFrom = "x", Data = TinyRun.Config.Data with { Std = [1, 1, 1] } }).Should().ContainAll("data.std", "encoderFrom");
        Refused(TinyRun.Config with { EncoderFrom = "no/such/folder" }).Should().Contain("no/such/folder");
        Refused(TinyRun.Config with { EncoderFrom = "x", Model = TinyRun.Config.Model with { Encoder = new(), Frozen = new FrozenEncoderOptions { Onnx = "y" } } }).Should().Contain("two encoders");
    }

    [Fact]
    public void An_MLP_is_trained_measured_and_loaded_as_a_linear_head_is()
    {
        var run = TinyRun.Config with { Model = TinyRun.Config.Model with { Method = TokenMethod.Mlp, HiddenWidth = 7 } };

        var metrics = _folder.Train(run);

        metrics.Keys.Should().Contain("top1.mlp");
        using var classifier = ImageClassifier.Load(_folder.Run.Model);
        classifier.Options.HiddenWidth.Should().Be(7);
        classifier.Network.state_dict().Where(pair => pair.Key.StartsWith("head.", StringComparison.Ordinal)).ToDictionary(pair => pair.Key, pair => pair.Value.shape)
            .Should().BeEquivalentTo(new Dictionary<string, long[]>
            {
                ["head.fc1.weight"] = [7, 16],
                ["head.fc1.bias"] = [7],
                ["head.fc2.weight"] = [10, 7],
                ["head.fc2.bias"] = [10],
            });
        ModelCost.Of(classifier.Options).Sum(part => part.Parameters).Should().Be(classifier.Network.parameters().Sum(parameter => parameter.numel()));
        classifier.Calibration.Should().NotBeNull();
        using var images = classifier.Prepare([new ShapeSource(1, 16).Read(0)]);
        using var prediction = classifier.Predict(images);
        prediction.Temperature.Should().NotBeNull();
        using var condition = classifier.Encode(images);
        FluentActions.Invoking(() => classifier.Denoise(condition)).Should().Throw<InvalidOperationException>().WithMessage("*mlp*");
    }

    private string Refused(ClassificationRun run) =>
        FluentActions.Invoking(() => TrainingSession.Open(run, _folder.Run, CPU, resume: false)).Should().Throw<TweedieException>().Which.Message;
}
