using Tweedie.Models;
using Tweedie.Onnx;
using Tweedie.Sampling;
using Tweedie.Tests.Models;
using static TorchSharp.torch;

namespace Tweedie.Tests.Onnx;

/// <summary>Smaller weights change the scores little, and take less room.</summary>
public sealed class PrecisionTests
{
    private static readonly ClassifierOptions Wide = TinyClassifier.Options with
    {
        Encoder = TinyClassifier.Options.Encoder with { Width = 64, Depth = 3 },
        Denoiser = TinyClassifier.Options.Denoiser with { Width = 64, Depth = 3 },
    };

    [Theory]
    [InlineData(OnnxPrecision.F16, 0.55, 2e-3)]
    [InlineData(OnnxPrecision.Int8, 0.45, 0.1)]
    public void Weights_take_less_room_and_give_nearly_the_same(OnnxPrecision precision, double share, double tolerance)
    {
        using var folder = new TemporaryFolder();
        using var classifier = new ImageClassifier(Wide, TokenNetwork.Create(Wide, Wide.ClassNames.Count));
        var (whole, small) = (Path.Combine(folder.Path, "whole"), Path.Combine(folder.Path, "small"));
        OnnxExport.Export(classifier, whole);
        OnnxExport.Export(classifier, small, new() { Precision = precision });

        Length(small).Should().BeLessThan((long)(share * Length(whole)));
        using var images = TinyClassifier.Images(4);
        var (own, expected) = (Logits(small, images), Logits(whole, images));
        var scale = expected.Max(Math.Abs);
        own.Should().Equal(expected, (a, b) => Math.Abs(a - b) <= tolerance * scale).And.NotEqual(expected);
    }

    [Fact]
    public void A_quantised_generator_starts_from_zeros()
    {
        using var folder = new TemporaryFolder();
        var options = TinyTextGenerator.Options with { Denoiser = TinyTextGenerator.Options.Denoiser with { SelfConditioning = true, Neighbors = true } };
        using var generator = new TextGenerator(options, TokenNetwork.Create(options, TinyTextGenerator.Tokenizer.VocabularySize), TinyTextGenerator.Tokenizer);
        OnnxExport.Export(generator, folder.Path, new() { Precision = OnnxPrecision.Int8 });
        using var exported = OnnxGenerator.Load(folder.Path);
        var sampling = new SamplingOptions { Steps = 1 };

        var own = exported.Steps(1, null, sampling).Select(step => step.Scores.Of(2).ToArray()).Single();

        using var scope = NewDisposeScope();
        var expected = generator.Denoise(1, null, sampling).Select(step => step.Logits.All().select(1, 2).data<float>().ToArray()).Single();
        own.Should().Equal(expected, (a, b) => Math.Abs(a - b) <= 0.1 * expected.Max(Math.Abs));
    }

    [Fact]
    public void Quantised_columns_are_within_half_a_step_of_the_weights()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(2);
        var matrix = randn([7, 5], generator: generator);
        matrix.select(1, 3).zero_();

        var (numbers, scales) = Int8Products.Quantize(matrix);

        numbers.abs().max().item<sbyte>().Should().Be(64);
        ((numbers.to(float32) * scales - matrix).abs() / scales).max().item<float>().Should().BeLessThanOrEqualTo(0.5001f);
    }

    [Fact]
    public void Weights_of_a_large_graph_go_into_a_file_beside_it()
    {
        using var folder = new TemporaryFolder();
        using var classifier = TinyClassifier.Create(Wide);
        var (inside, beside) = (Path.Combine(folder.Path, "inside"), Path.Combine(folder.Path, "beside"));
        OnnxExport.Export(classifier, inside);
        var description = OnnxExport.Export(classifier, beside, new() { ExternalAbove = 10_000 });
        using var images = TinyClassifier.Images(2);

        description.Files.Keys.Should().Contain(["encoder.onnx.data", "step.onnx.data"]);
        Logits(beside, images).Should().Equal(Logits(inside, images));
        File.Delete(Path.Combine(beside, "step.onnx.data"));
        var load = () => OnnxClassifier.Load(beside);
        load.Should().Throw<TweedieException>().WithMessage("*step.onnx.data: is missing*");
    }

    private static float[] Logits(string folder, Tensor images)
    {
        using var exported = OnnxClassifier.Load(folder);
        var condition = exported.Model.Encode([.. images.data<float>()], (int)images.shape[0]);
        return [.. exported.Model.Denoise(condition, exported.Model.Resolve(new SamplingOptions { Steps = 1, Guidance = 1.5 }))
            .SelectMany(step => Enumerable.Range(0, (int)images.shape[0]).SelectMany(item => step.Scores.Of(item).ToArray()))];
    }

    private static long Length(string folder) => Directory.GetFiles(folder, "*.onnx").Sum(file => new FileInfo(file).Length);
}
