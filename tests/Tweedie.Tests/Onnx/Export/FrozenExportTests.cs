using Tweedie.Images;
using Tweedie.Models;
using Tweedie.Onnx;
using Tweedie.Sampling;
using Tweedie.Tests.Models;

namespace Tweedie.Tests.Onnx;

/// <summary>A model on the features of a frozen encoder takes that encoder along, and gives what it gave.</summary>
public sealed class FrozenExportTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("positive")]
    public void The_encoder_goes_along(string? output)
    {
        using var folder = new TemporaryFolder();
        var encoder = folder.Write("encoder/tiny.onnx", TinyOnnx.Pooling());
        var frozen = new FrozenEncoderOptions { Onnx = encoder, Output = output, Preprocess = new() { Size = 4 } };
        using var classifier = TinyClassifier.CreateFrozen(frozen);
        OnnxExport.Export(classifier, Path.Combine(folder.Path, "exported")).Frozen!.Onnx.Should().Be("frozen/tiny.onnx");
        Directory.Delete(Path.Combine(folder.Path, "encoder"), recursive: true);
        using var exported = OnnxClassifier.Load(Path.Combine(folder.Path, "exported"));
        RasterImage[] images = [new ShapeSource(2, 16).Read(0), new ShapeSource(2, 16).Read(1)];
        var sampling = new SamplingOptions { Steps = 3, Guidance = 2 };

        var own = exported.Predict(images, sampling);

        using var input = classifier.Prepare(images);
        using var expected = classifier.Predict(input, sampling);
        own.Mean.SelectMany(row => row).Should().Equal(expected.Mean.data<float>(), (a, b) => Math.Abs(a - b) < 1e-5);
    }

    [Fact]
    public void Calibrated_probabilities_are_reported()
    {
        using var folder = new TemporaryFolder();
        using var made = TinyClassifier.Create();
        var sampling = new SamplingOptions { Steps = 3 };
        using var classifier = new ImageClassifier(made.Options, made.Network)
        {
            Calibration = new() { Weights = "0", Settings = [new() { Sampling = made.Model.Resolve(sampling), Temperature = 2.5 }] },
        };
        OnnxExport.Export(classifier, folder.Path);
        using var exported = OnnxClassifier.Load(folder.Path);
        using var images = TinyClassifier.Images(2);

        var own = exported.Predict(exported.Model.Encode([.. images.data<float>()], 2), sampling);

        using var expected = classifier.Predict(images, sampling);
        own.Temperature.Should().Be(2.5);
        own.Probabilities.SelectMany(row => row).Should().Equal(expected.Probabilities.data<float>(), (a, b) => Math.Abs(a - b) < 1e-5);
        exported.Predict(exported.Model.Encode([.. images.data<float>()], 2), sampling with { Steps = 2 }).Temperature.Should().BeNull();
    }
}
