using Tweedie.Evaluation;
using Tweedie.Images;
using Tweedie.Models;
using Tweedie.Sampling;
using Tweedie.Tests.Data;
using Tweedie.Tests.Models;
using static TorchSharp.torch;

namespace Tweedie.Tests.Evaluation;

public sealed class LabelEvaluationTests : IDisposable
{
    private static readonly EvaluationSettings _settings = new() { Steps = [3], Decode = Enum.GetValues<DecodeKind>(), Seed = 4 };

    // The number of the images' classes.
    private static readonly ClassifierOptions _options = TinyClassifier.Options with { ClassNames = [.. Enumerable.Range(0, 10).Select(i => $"{i}")] };

    private readonly CountingSource _source = new(new ShapeSource(count: 60, size: 16));
    private readonly ImageClassifier _classifier = TinyClassifier.Create(_options);
    private readonly EncodedImages _images;

    public LabelEvaluationTests() => _images = EncodedImages.Encode(_classifier.Model, _source, batchSize: 16);

    public void Dispose()
    {
        _images.Dispose();
        _classifier.Dispose();
    }

    [Fact]
    public void Every_image_is_read_and_encoded_once_however_many_samplings_follow()
    {
        _source.Reads.Should().Be(61, "the loader reads the first image once more, for the size");
        _images.Count.Should().Be(60);
        _images.Condition.shape.Should().Equal(60, 1, 16);
        using var whole = EncodedImages.Encode(_classifier.Model, _source, batchSize: 60);
        _images.Condition.ShouldBeWithin(1e-5, whole.Condition);
        _images.Indices.Should().Equal(Enumerable.Range(0, 60));
        var reads = _source.Reads;

        var rows = Evaluate(_settings with { Steps = [1, 2, 3], Guidance = [1, 2], Control = ControlKind.Beside });

        rows.Should().HaveCount(3 * 2 * 2 * 2);
        _source.Reads.Should().Be(reads);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Last_and_consensus_come_from_the_trajectories_that_each_would_have_alone(int draws)
    {
        var settings = _settings with { Draws = draws, Guidance = [1.5] };

        var rows = Evaluate(settings);

        rows.Select(row => row.Decode).Should().Equal(DecodeKind.Last, DecodeKind.Consensus);
        foreach (var row in rows)
        {
            var alone = Evaluate(settings with { Decode = [row.Decode!.Value] }).Single();
            Scores(row).Should().Be(Scores(alone));
            using var prediction = _classifier.PredictEncoded(_images.Condition, new SamplingOptions
            {
                Steps = 3,
                Guidance = 1.5,
                Draws = draws,
                Decode = row.Decode.Value,
                Seed = settings.Seed,
            });
            var count = new TopK();
            count.Add(prediction.Mean, Labels);
            Scores(row).Should().Be((count.Top1, count.Top5));
        }
    }

    [Fact]
    public void A_single_multinomial_trajectory_counts_its_choice()
    {
        var row = Evaluate(_settings with { ToOne = [ToOneKind.Multinomial], Decode = [DecodeKind.Last] }).Single();

        var sampling = new SamplingOptions { Steps = 3, ToOne = ToOneKind.Multinomial, Decode = DecodeKind.Last, Seed = _settings.Seed };
        using var prediction = _classifier.PredictEncoded(_images.Condition, sampling);
        var chosen = prediction.Classes.Longs();
        row.Values["top1"].Should().Be(chosen.Zip(Labels.Longs()).Count(pair => pair.First == pair.Second) / 60.0);
        chosen.Should().NotEqual(prediction.Mean.argmax(1).Longs(), "a draw is not the most probable class each time");
    }

    [Fact]
    public void A_linear_classifier_gives_one_row_that_no_setting_changes()
    {
        using var linear = TinyClassifier.Create(_options with { Method = TokenMethod.Linear });
        using var images = EncodedImages.Encode(linear.Model, _source, batchSize: 16);
        using var other = EncodedImages.Encode(linear.Model, _source, batchSize: 60);

        var row = Evaluate(_settings with { Steps = [1, 2, 3], BatchSize = 7 }, images, linear).Single();
        var otherRow = Evaluate(_settings, other, linear).Single();

        row.Name.Should().Be("linear");
        (row.Sampling, row.Decode).Should().Be((null, null));
        Scores(row).Should().Be(Scores(otherRow)).And.NotBe((0, 0));
    }

    [Theory]
    [InlineData(7)]
    [InlineData(60)]
    public void An_images_noise_does_not_depend_on_its_batch(int batchSize)
    {
        var settings = _settings with { Steps = [2], ToOne = [ToOneKind.Multinomial], Draws = 3 };

        Scores(Evaluate(settings with { BatchSize = batchSize })[0]).Should().Be(Scores(Evaluate(settings with { BatchSize = 1 })[0]));
    }

    [Fact]
    public void Batches_do_not_share_their_noise() // two halves of a set, with the same images in each
    {
        var twin = Enumerable.Range(1, 59).First(i => _source.GetLabel(i) == _source.GetLabel(0));
        using var pair = new EncodedImages(_images.Condition.narrow(0, 0, 1).expand(2, -1, -1).contiguous(), [0, twin], 0);
        var differences = Enumerable.Range(0, 300).Count(seed =>
            Evaluate(_settings with { Seed = seed, BatchSize = 1, ToOne = [ToOneKind.Multinomial], Steps = [1], Decode = [DecodeKind.Last] }, pair).Single().Values["top1"] == 0.5);

        differences.Should().BePositive("with the same noise both images would always be right or wrong together");
    }

    [Fact]
    public void The_control_is_a_row_beside_each_row_and_independent_of_the_feedback()
    {
        var rows = Evaluate(_settings with { Steps = [1, 5], Control = ControlKind.Beside, Decode = [DecodeKind.Last] });

        rows.Select(row => (row.Sampling!.Steps, row.Sampling.Control)).Should().Equal((1, false), (1, true), (5, false), (5, true));
        rows[1].Values["top1"].Should().Be(rows[0].Values["top1"], "one step feeds nothing back");
    }

    [Fact]
    public void Rows_have_names()
    {
        var rows = Evaluate(_settings with { Steps = [1, 20], Control = ControlKind.Beside });

        rows.Select(row => row.Name).Should().Equal(
            "1steps.last", "1steps.consensus", "1steps.control.last", "1steps.control.consensus",
            "20steps.last", "20steps.consensus", "20steps.control.last", "20steps.control.consensus");
    }

    [Fact]
    public void Settings_out_of_range_are_refused_by_name()
    {
        ShouldBeRefused(_settings with { Steps = [1, 0] }, "evaluation: steps[1] = 0 is out of range*");
        ShouldBeRefused(_settings with { Steps = [1, 2000] }, "steps = 2000 is more than the model's 1000 timesteps; use at most 1000.");
        ShouldBeRefused(_settings with { Guidance = [-1] }, "evaluation: guidance[0] = -1 is out of range*");
        ShouldBeRefused(_settings with { Draws = 0 }, "evaluation: draws = 0 is out of range*");
        ShouldBeRefused(_settings with { BatchSize = 0 }, "evaluation: batchSize = 0 is out of range*");
    }

    [Fact]
    public void Cancelling_ends_the_evaluation()
    {
        var evaluate = () => Evaluator.Evaluate(_classifier.Model, [_images], _settings, [() => new LabelAccuracy(_source)], new CancellationToken(canceled: true));
        var encode = () => EncodedImages.Encode(_classifier.Model, _source, 16, cancellation: new CancellationToken(canceled: true));

        evaluate.Should().Throw<OperationCanceledException>();
        encode.Should().Throw<OperationCanceledException>();
    }

    [Fact]
    public void Images_of_other_channels_than_the_models_are_refused()
    {
        var encode = () => EncodedImages.Encode(_classifier.Model, new LabelSource([0, 1]), batchSize: 2);

        encode.Should().Throw<TweedieException>().WithMessage("'labels' has images with 1 channel(s), but the model's input has 3*");
    }

    [Fact]
    public void No_tensor_is_left_behind() => LiveTensors.LeftBy(() =>
    {
        using var images = EncodedImages.Encode(_classifier.Model, _source, batchSize: 16);
        Evaluate(_settings with { Draws = 2, BatchSize = 40, Control = ControlKind.Beside, Guidance = [2] }, images);
    }).Should().Be(0);

    private void ShouldBeRefused(EvaluationSettings settings, string message)
    {
        var evaluate = () => Evaluate(settings);

        evaluate.Should().Throw<TweedieException>().WithMessage(message);
    }

    private Tensor Labels => tensor([.. Enumerable.Range(0, 60).Select(i => (long)_source.GetLabel(i))]);

    private static (double Top1, double Top5) Scores(EvaluationRow row) => (row.Values["top1"], row.Values["top5"]);

    private IReadOnlyList<EvaluationRow> Evaluate(EvaluationSettings settings, EncodedImages? images = null, ImageClassifier? classifier = null) =>
        Evaluator.Evaluate((classifier ?? _classifier).Model, [images ?? _images], settings, [() => new LabelAccuracy(_source)]);
}
