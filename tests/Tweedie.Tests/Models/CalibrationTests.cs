using Tweedie.Evaluation;
using Tweedie.Images;
using Tweedie.Metrics;
using Tweedie.Models;
using Tweedie.Sampling;

namespace Tweedie.Tests.Models;

public sealed class CalibrationTests : IDisposable
{
    private static readonly SamplingOptions _sampling = new() { Steps = 3, Decode = DecodeKind.Last };

    private readonly TemporaryFolder _folder = new();
    private readonly ImageClassifier _classifier = TinyClassifier.Create();

    public void Dispose()
    {
        _classifier.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_temperature_changes_the_reported_probability_and_nothing_else()
    {
        using var images = TinyClassifier.Images(5);
        using var plain = _classifier.Predict(images, _sampling);
        using var calibrated = Calibrated(2).Predict(images, _sampling with { Seed = 0 });
        using var other = Calibrated(2).Predict(images, _sampling with { Steps = 4 });

        plain.Temperature.Should().BeNull();
        plain.Probabilities.ShouldEqual(plain.Mean);
        calibrated.Temperature.Should().Be(2);
        calibrated.Mean.ShouldEqual(plain.Mean);
        calibrated.Variance.ShouldEqual(plain.Variance);
        calibrated.Classes.ShouldEqual(plain.Classes);
        float[] expected = [.. plain.Mean.data<float>()];
        TemperatureScaling.Apply(expected, classes: 7, temperature: 2);
        calibrated.Probabilities.data<float>().Should().Equal(expected);
        other.Temperature.Should().BeNull("the calibration is for three steps");
    }

    [Fact]
    public void The_seed_is_no_part_of_a_setting()
    {
        var calibration = new Calibration { Settings = [new() { Sampling = _sampling, Temperature = 2 }] };

        calibration.Find(_sampling with { Seed = 7 })!.Temperature.Should().Be(2);
        calibration.Find(_sampling with { Guidance = 2 }).Should().BeNull();
        calibration.Find(null).Should().BeNull("this is no linear head");
    }

    [Fact]
    public void A_calibration_is_stored_for_the_weights_that_it_was_fitted_for()
    {
        _classifier.Save(_folder.Path);
        ImageClassifier.Calibrate(_folder.Path, new() { Settings = [new() { Sampling = _sampling, Data = "photos", Images = 12, Temperature = 2, ErrorBefore = 0.5, ErrorAfter = 0.25 }] });

        using (var loaded = ImageClassifier.Load(_folder.Path))
        {
            loaded.Calibration!.Find(_sampling).Should().BeEquivalentTo(new { Temperature = 2.0, Data = "photos", Images = 12 });
            loaded.Calibration.Weights.Should().Be(ModelFolder.HashOf(_folder.Path));
        }
        using (var trainedOn = TinyClassifier.Create())
        {
            using var noGrad = TorchSharp.torch.no_grad();
            trainedOn.Network.parameters().First().zero_();
            trainedOn.Save(_folder.Path);
        }
        using var others = ImageClassifier.Load(_folder.Path);
        others.Calibration.Should().BeNull("these are other weights");
    }

    [Fact]
    public void Other_settings_keep_their_temperatures_and_the_same_setting_gets_the_new_one()
    {
        _classifier.Save(_folder.Path);
        var other = _sampling with { Steps = 9 };
        ImageClassifier.Calibrate(_folder.Path, new() { Settings = [new() { Sampling = _sampling, Temperature = 2 }, new() { Sampling = other, Temperature = 3 }] });

        ImageClassifier.Calibrate(_folder.Path, new() { Settings = [new() { Sampling = _sampling, Temperature = 4 }] });

        var stored = ImageClassifier.ReadCalibration(_folder.Path)!;
        stored.Settings.Select(setting => setting.Temperature).Should().Equal(4, 3);
        stored.Find(other)!.Temperature.Should().Be(3);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("""{"weights":"x","settings":[{"images":0}]}""")]
    [InlineData("""{"weights":"x","settings":[{"temperature":-1}]}""")]
    public void A_damaged_file_is_named(string content)
    {
        _classifier.Save(_folder.Path);
        File.WriteAllText(Path.Combine(_folder.Path, "calibration.json"), content);

        var load = () => ImageClassifier.Load(_folder.Path);

        load.Should().Throw<TweedieException>().WithMessage("*calibration.json*").Which.Kind.Should().Be(FaultKind.Model);
    }

    [Fact]
    public void A_calibration_is_fitted_for_all_settings_and_the_default_and_lowers_the_error_it_was_fitted_for()
    {
        using var classifier = TinyClassifier.Create(TinyClassifier.Options with { ClassNames = [.. Enumerable.Range(0, 10).Select(i => $"{i}")] });
        var settings = new EvaluationSettings { Steps = [1, 2], Guidance = [1, 2], Decode = [DecodeKind.Last] };

        var calibration = Calibrator.Fit(classifier, new ShapeSource(count: 200, size: 16), settings);

        calibration.Settings.Should().AllSatisfy(setting => setting.Images.Should().Be(200));
        calibration.Settings.Should().HaveCount(2 * 2 + 1);
        calibration.Find(ImageClassifier.DefaultSampling).Should().NotBeNull();
        calibration.Find(_sampling with { Steps = 2, Guidance = 2 })!.Temperature.Should().BeGreaterThan(1, "an untrained model with large weights is surer than right");
        calibration.Settings.Should().AllSatisfy(setting => setting.ErrorAfter.Should().BeLessThan(setting.ErrorBefore));
    }

    [Fact]
    public void No_image_is_an_error()
    {
        var fit = () => Calibrator.Fit(_classifier, new SubsetSource(new ShapeSource(count: 1, size: 16), []), new EvaluationSettings());

        fit.Should().Throw<TweedieException>().WithMessage("*no image to calibrate on*");
    }

    [Fact]
    public void Predictions_leave_no_tensor_behind()
    {
        using var images = TinyClassifier.Images(2);
        var calibrated = Calibrated(2);
        LiveTensors.LeftBy(() => calibrated.Predict(images, _sampling).Dispose()).Should().Be(0);
    }

    private ImageClassifier Calibrated(double temperature) => new(_classifier.Options, _classifier.Network)
    {
        Calibration = new Calibration { Settings = [new() { Sampling = _sampling, Temperature = temperature }] },
    };
}
