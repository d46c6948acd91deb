using Tweedie.Models;
using Tweedie.Networks;
using Tweedie.Onnx;
using Tweedie.Sampling;
using Tweedie.Tests.Models;

namespace Tweedie.Tests.Onnx;

/// <summary>Exported classifiers give the scores of libtorch at every step, and the same answers.</summary>
public sealed class ClassifierExportTests
{
    private const double Tolerance = 1e-4;

    private static readonly ClassifierOptions Plain = TinyClassifier.Options;

    private static readonly Dictionary<string, ClassifierOptions> Models = new()
    {
        ["as by default"] = Plain,
        ["mean pooling"] = Plain with { Encoder = Plain.Encoder with { Pooling = Pooling.Mean } },
        ["class tokens"] = Plain with { Encoder = Plain.Encoder with { ClassTokens = 3 } },
        ["quick GELU"] = Plain with { Encoder = Plain.Encoder with { Activation = Activation.QuickGelu } },
        ["two blocks"] = Plain with { Denoiser = Plain.Denoiser with { Depth = 2 } },
        ["projected condition"] = Plain with { Denoiser = Plain.Denoiser with { Depth = 2, ProjectsCondition = true } },
        ["self-conditioning"] = Plain with { Denoiser = Plain.Denoiser with { SelfConditioning = true } },
        ["posterior input"] = Plain with { Diffusion = new() { Input = InputKind.Posterior } },
        ["evidence"] = Plain with { Diffusion = new() { Prediction = PredictionKind.Evidence } },
        ["noise"] = Plain with { Diffusion = new() { Prediction = PredictionKind.Noise, Schedule = ScheduleKind.LogSnr, LogSnrMin = -2 } },
        ["clean"] = Plain with { Diffusion = new() { Prediction = PredictionKind.Clean } },
        ["lower hot entry"] = Plain with { Diffusion = new() { Scale = 0.7 } },
    };

    public static TheoryData<string> ModelNames => [.. Models.Keys];

    [Theory]
    [MemberData(nameof(ModelNames))]
    public void Every_step_is_that_of_libtorch(string model) => Compare(Models[model], new() { Steps = 4, Guidance = 2.5, Draws = 2, Seed = 3 });

    [Theory]
    [InlineData(17)]
    [InlineData(20)]
    [InlineData(23)]
    public void Every_operator_set_gives_the_same(int opset) => Compare(Plain, new() { Steps = 3, Guidance = 2 }, new() { Opset = opset });

    [Theory]
    [MemberData(nameof(Samplings))]
    public void Every_sampling_option_acts_as_in_libtorch(string option) => Compare(Plain, SamplingOf[option]);

    public static TheoryData<string> Samplings => [.. SamplingOf.Keys];

    private static readonly Dictionary<string, SamplingOptions> SamplingOf = new()
    {
        ["no guidance"] = new() { Steps = 3 },
        ["rising guidance"] = new() { Steps = 3, Guidance = 3, GuidanceSchedule = GuidanceSchedule.Linear },
        ["one step"] = new() { Steps = 1 },
        ["multinomial"] = new() { Steps = 5, ToOne = ToOneKind.Multinomial, Seed = 8 },
        ["temperature"] = new() { Steps = 5, ToOne = ToOneKind.Multinomial, Temperature = 3 },
        ["nucleus"] = new() { Steps = 5, ToOne = ToOneKind.Multinomial, TopP = 0.6, Temperature = 2 },
        ["control"] = new() { Steps = 3, Control = true },
        ["grid of decode accuracy"] = new() { Steps = 4, Grid = TimestepDistribution.DecodeAccuracy },
        ["grid in a window"] = new() { Steps = 4, Grid = TimestepDistribution.LogSnr, LogSnrMin = -3, LogSnrMax = 2 },
        ["half of the noise"] = new() { Steps = 4, NoiseScale = 0.5 },
        ["asymmetric time"] = new() { Steps = 4, ToldDelay = 1, ToldFloor = 0.2 },
        ["stop when stable"] = new() { Steps = 30, StopWhenStable = 2 },
        ["draws"] = new() { Steps = 2, Draws = 3 },
    };

    [Theory]
    [InlineData(DecodeKind.Last, 1)]
    [InlineData(DecodeKind.Consensus, 1)]
    [InlineData(DecodeKind.Consensus, 3)]
    public void Predictions_are_those_of_libtorch(DecodeKind decode, int draws)
    {
        using var folder = new TemporaryFolder();
        using var classifier = TinyClassifier.Create();
        OnnxExport.Export(classifier, folder.Path);
        using var exported = OnnxClassifier.Load(folder.Path);
        using var images = TinyClassifier.Images(3);
        var sampling = new SamplingOptions { Steps = 4, Decode = decode, Draws = draws, Guidance = 1.5 };

        var own = exported.Predict(exported.Model.Encode([.. images.data<float>()], 3), sampling);

        using var expected = classifier.Predict(images, sampling);
        own.Classes.Should().Equal(expected.Classes.Longs().Select(label => (int)label));
        own.Mean.SelectMany(row => row).Should().Equal(expected.Mean.data<float>(), (a, b) => Math.Abs(a - b) < 1e-5);
        own.Variance.SelectMany(row => row).Should().Equal(expected.Variance.data<float>(), (a, b) => Math.Abs(a - b) < 1e-5);
    }

    [Theory]
    [InlineData(TokenMethod.Linear)]
    [InlineData(TokenMethod.Mlp)]
    public void A_head_gives_what_it_gives_in_libtorch(TokenMethod method)
    {
        using var folder = new TemporaryFolder();
        using var classifier = TinyClassifier.Create(Plain with { Method = method, HiddenWidth = 12 });
        OnnxExport.Export(classifier, folder.Path);
        using var exported = OnnxClassifier.Load(folder.Path);
        using var images = TinyClassifier.Images(3);

        var own = exported.Predict(exported.Model.Encode([.. images.data<float>()], 3));

        using var expected = classifier.Predict(images);
        own.Mean.SelectMany(row => row).Should().Equal(expected.Mean.data<float>(), (a, b) => Math.Abs(a - b) < 1e-5);
        own.Classes.Should().Equal(expected.Classes.Longs().Select(label => (int)label));
    }

    private static void Compare(ClassifierOptions options, SamplingOptions sampling, OnnxExportOptions? export = null)
    {
        using var folder = new TemporaryFolder();
        using var classifier = TinyClassifier.Create(options);
        OnnxExport.Export(classifier, folder.Path, export);
        using var exported = OnnxClassifier.Load(folder.Path);
        using var images = TinyClassifier.Images(2);
        using var condition = classifier.Encode(images);

        var own = exported.Model.Denoise(exported.Model.Encode([.. images.data<float>()], 2), exported.Model.Resolve(sampling));

        own.ShouldBeWithin(Tolerance, classifier.Denoise(condition, sampling));
    }
}
