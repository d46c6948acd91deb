using TorchSharp;
using Tweedie.Evaluation;
using Tweedie.Models;
using Tweedie.Platform;
using Tweedie.Sampling;
using static TorchSharp.torch;

namespace Tweedie.Tests.Models;

public sealed class AutoregressiveCaptionerTests : IDisposable
{
    private static readonly CaptionerOptions _options = TinyCaptioner.Options with { Method = TokenMethod.Ar };

    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _folder.Dispose();
        _scope.Dispose();
    }

    private static SamplingOptions Drawn(long seed = 0) => new() { ToOne = ToOneKind.Multinomial, Seed = seed, Guidance = 1.5, Temperature = 0.9, TopP = 0.95 };

    [Fact]
    public void A_loaded_captioner_says_what_the_saved_one_did()
    {
        using var saved = TinyCaptioner.Create(_options);
        saved.Save(_folder.Path);
        using var loaded = ImageCaptioner.Load(_folder.Path);
        var images = TinyClassifier.Images(5);

        foreach (var sampling in new[] { null, Drawn(), new SamplingOptions { Beams = 3 } })
        {
            var expected = saved.Caption(saved.Encode(images), sampling);
            loaded.Caption(loaded.Encode(images), sampling).Should().Equal(expected).And.HaveCount(5);
        }
        loaded.Options.Method.Should().Be(TokenMethod.Ar);
        loaded.Model.DefaultSampling.Steps.Should().Be(_options.Tokens, "each step decides one token");
    }

    [Fact]
    public void It_has_the_parameters_of_its_twins()
    {
        using var network = TokenNetwork.Create(_options, TinyCaptioner.Tokenizer.VocabularySize);
        using var twin = TokenNetwork.Create(TinyCaptioner.Options, TinyCaptioner.Tokenizer.VocabularySize);
        var (parts, others) = (ModelCost.Of(_options, TinyCaptioner.Tokenizer.VocabularySize), ModelCost.Of(TinyCaptioner.Options, TinyCaptioner.Tokenizer.VocabularySize));

        network.state_dict().Select(pair => (pair.Key, Shape: string.Join(',', pair.Value.shape))).Should()
            .Equal(twin.state_dict().Select(pair => (pair.Key, Shape: string.Join(',', pair.Value.shape))));
        parts.Sum(part => part.Parameters).Should().Be(network.parameters().Sum(parameter => parameter.numel()));
        parts[1].PerRow.Should().Be(others[1].PerRow, "training costs the same");
        parts[1].PerStep.Should().BeLessThan(others[1].PerStep / 3, "a step computes one of six tokens");
    }

    [Fact]
    public void The_caption_of_an_image_does_not_depend_on_its_batch()
    {
        using var captioner = TinyCaptioner.Create(_options);
        var condition = captioner.Encode(TinyClassifier.Images(4));
        IReadOnlyList<long[]> Rows(Tensor of, params int[] items) => captioner.Model
            .Denoise(of, captioner.Model.Reverse(Drawn()), seed: 3, items: items).Select(step => step.Snapshot()).ToList()[^1].Tokens;

        var together = Rows(condition, 0, 1, 2, 3);

        for (var item = 0; item < 4; item++)
            Rows(condition.narrow(0, item, 1), item)[0].Should().Equal(together[item]);
        together.Select(row => string.Join(' ', row)).Distinct().Should().HaveCountGreaterThan(1);
    }

    [Fact]
    public void Draws_of_an_image_stand_side_by_side_and_follow_the_seed()
    {
        using var captioner = TinyCaptioner.Create(_options);
        var condition = captioner.Encode(TinyClassifier.Images(2));

        var captions = captioner.Caption(condition, Drawn(1) with { Draws = 4 });

        captions.Should().HaveCount(8).And.Equal(captioner.Caption(condition, Drawn(1) with { Draws = 4 }));
        captions.Take(4).Distinct().Should().HaveCountGreaterThan(1);
        captioner.Caption(condition, Drawn(2) with { Draws = 4 }).Should().NotEqual(captions);
    }

    [Fact]
    public void The_evaluator_measures_it()
    {
        using var captioner = TinyCaptioner.Create(_options);
        using var images = new EncodedImages(captioner.Encode(TinyClassifier.Images(3)), [0, 1, 2], 0);

        var rows = Evaluator.Evaluate(captioner.Model, [images], new EvaluationSettings { Guidance = [1, 2], Beams = [1, 2] }, [() => new Nothing()]);

        rows.Select(row => (row.Sampling!.Guidance, row.Sampling.Beams, row.Name)).Should().Equal((1, 1, "6steps.last"), (1, 2, "6steps.last"), (2, 1, "6steps.last"), (2, 2, "6steps.last"));
        FluentActions.Invoking(() => Evaluator.Check(captioner.Model, new() { ToOne = [ToOneKind.Multinomial], Draws = 2 })).Should().Throw<TweedieException>().WithMessage("*Draws = 2 *mean*");
        FluentActions.Invoking(() => Evaluator.Check(captioner.Model, new() { Steps = [3] })).Should().Throw<TweedieException>().WithMessage("Steps = 3 *leave it out.");
    }

    [Fact]
    public void Weights_in_bfloat16_predict_nearly_the_same()
    {
        using var saved = TinyCaptioner.Create(_options);
        saved.Save(_folder.Path);
        using var half = ImageCaptioner.Load(_folder.Path, precision: Precision.Bf16);
        var images = TinyClassifier.Images(3);
        Tensor First(ImageCaptioner captioner) => captioner.Denoise(captioner.Encode(images), Drawn()).Select(step => step.Probabilities()).First().narrow(1, 0, 1);

        var (expected, probabilities) = (First(saved), First(half));

        probabilities.ShouldBeWithin(0.1, expected);
        probabilities.ShouldNotEqual(expected);
        half.Caption(half.Encode(images), new() { Beams = 2, Guidance = 2 }).Should().HaveCount(3);
    }

    [Fact]
    public void Captioning_leaves_no_tensor()
    {
        using var captioner = TinyCaptioner.Create(_options);
        var condition = captioner.Encode(TinyClassifier.Images(3));
        foreach (var sampling in new[] { Drawn(), new SamplingOptions { Guidance = 2, Beams = 3 } })
        {
            captioner.Caption(condition, sampling);
            LiveTensors.LeftBy(() => captioner.Caption(condition, sampling)).Should().Be(0);
        }
    }

    private sealed class Nothing : IMetric
    {
        public void Add(PredictedBatch batch) => batch.Tokens.shape.Should().Equal(3, 6);

        public IReadOnlyDictionary<string, double> Values() => new Dictionary<string, double>();
    }
}
