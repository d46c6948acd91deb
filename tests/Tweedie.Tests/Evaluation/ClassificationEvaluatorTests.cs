using Tweedie.Data;
using Tweedie.Diffusion;
using Tweedie.Evaluation;
using Tweedie.Models;
using Tweedie.Tests.Data;
using Tweedie.Tests.Models;

namespace Tweedie.Tests.Evaluation;

public sealed class ClassificationEvaluatorTests : IDisposable
{
    private static readonly ClassificationSettings _settings = new() { Steps = [3], Seed = 4 };

    // The classes of the images: ten.
    private static readonly ClassifierOptions _options = TinyClassifier.Options with { ClassNames = [.. Enumerable.Range(0, 10).Select(i => $"{i}")] };

    private readonly CountingSource _source = new(new ShapeSource(count: 60, size: 16));
    private readonly ImageClassifier _classifier = TinyClassifier.Create(_options);
    private readonly EncodedImages _images;

    public ClassificationEvaluatorTests() => _images = EncodedImages.Encode(_classifier, _source, batchSize: 16);

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
        using var whole = EncodedImages.Encode(_classifier, _source, batchSize: 60);
        _images.Condition.ShouldBeWithin(1e-5, whole.Condition);
        _images.Labels.Longs().Should().Equal(Enumerable.Range(0, 60).Select(i => (long)_source.GetLabel(i)));
        var reads = _source.Reads;

        var rows = Evaluate(_settings with { Steps = [1, 2, 3], Guidance = [1, 2], Control = true });

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
            (row.Top1, row.Top5).Should().Be((alone.Top1, alone.Top5));
            // The first and only batch draws with the seed of its first image.
            using var prediction = _classifier.PredictEncoded(_images.Condition, new SamplingOptions
            {
                Steps = 3,
                Guidance = 1.5,
                Draws = draws,
                Decode = row.Decode.Value,
                Seed = Seeds.Derive(settings.Seed, SeedPurpose.Sample, 0),
            });
            var count = new TopK();
            count.Add(prediction.Mean, _images.Labels);
            (row.Top1, row.Top5).Should().Be((count.Top1, count.Top5));
        }
    }

    [Fact]
    public void A_single_multinomial_trajectory_counts_its_choice()
    {
        var row = Evaluate(_settings with { ToOne = [ToOneKind.Multinomial], Decode = [DecodeKind.Last] }).Single();

        using var denoiser = _classifier.Bind(_images.Condition);
        var sampling = new SamplingOptions { Steps = 3, ToOne = ToOneKind.Multinomial, Seed = Seeds.Derive(_settings.Seed, SeedPurpose.Sample, 0) };
        var chosen = _classifier.Denoise(denoiser, sampling, draw: 0, CancellationToken.None)
            .Where(step => step.IsLast).Select(step => step.Tokens.Longs()).Single();
        row.Top1.Should().Be(chosen.Zip(_images.Labels.Longs()).Count(pair => pair.First == pair.Second) / 60.0);
    }

    [Fact]
    public void A_linear_classifier_gives_one_row_that_no_setting_changes()
    {
        using var linear = TinyClassifier.Create(_options with { Method = ClassifierMethod.Linear });
        using var images = EncodedImages.Encode(linear, _source, batchSize: 16);
        using var other = EncodedImages.Encode(linear, _source, batchSize: 60);

        var row = ClassificationEvaluator.Evaluate(linear, images, _settings with { Steps = [1, 2, 3], BatchSize = 7 }).Single();
        var otherRow = ClassificationEvaluator.Evaluate(linear, other, _settings).Single();

        row.Name.Should().Be("top1.linear");
        (row.Steps, row.Guidance, row.ToOne, row.Decode, row.Control).Should().Be((null, null, null, null, null));
        (row.Top1, row.Top5).Should().Be((otherRow.Top1, otherRow.Top5)).And.NotBe((0, 0));
    }

    [Fact]
    public void Batches_do_not_share_their_noise() // two halves of a set, with the same images in each
    {
        using var pair = new EncodedImages(
            _images.Condition.narrow(0, 0, 1).expand(2, -1, -1).contiguous(), _images.Labels.narrow(0, 0, 1).expand(2).contiguous(), 0);
        var differences = Enumerable.Range(0, 40).Count(seed =>
            Evaluate(_settings with { Seed = seed, BatchSize = 1, ToOne = [ToOneKind.Multinomial], Steps = [1], Decode = [DecodeKind.Last] }, pair).Single().Top1 == 0.5);

        differences.Should().BePositive("with the same noise both images would always be right or wrong together");
    }

    [Fact]
    public void The_control_is_a_row_beside_each_row_and_independent_of_the_feedback()
    {
        var rows = Evaluate(_settings with { Steps = [1, 5], Control = true, Decode = [DecodeKind.Last] });

        rows.Select(row => (row.Steps, row.Control)).Should().Equal((1, false), (1, true), (5, false), (5, true));
        rows[1].Top1.Should().Be(rows[0].Top1, "one step feeds nothing back");
    }

    [Fact]
    public void Rows_have_names()
    {
        var rows = Evaluate(_settings with { Steps = [1, 20], Control = true });

        rows.Select(row => row.Name).Should().Equal(
            "top1.1steps.last", "top1.1steps.consensus", "top1.1steps.control.last", "top1.1steps.control.consensus",
            "top1.20steps.last", "top1.20steps.consensus", "top1.20steps.control.last", "top1.20steps.control.consensus");
    }

    [Fact]
    public void Rows_come_as_they_are_done()
    {
        using var stop = new CancellationTokenSource();
        var settings = _settings with { Steps = [1, 2], Decode = [DecodeKind.Last] };
        using var rows = ClassificationEvaluator.Evaluate(_classifier, _images, settings, stop.Token).GetEnumerator();

        rows.MoveNext().Should().BeTrue();
        stop.Cancel();
        var next = () => rows.MoveNext();
        next.Should().Throw<OperationCanceledException>();
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
        var evaluate = () => ClassificationEvaluator.Evaluate(_classifier, _images, _settings, new CancellationToken(canceled: true)).ToList();
        var encode = () => EncodedImages.Encode(_classifier, _source, 16, cancellation: new CancellationToken(canceled: true));

        evaluate.Should().Throw<OperationCanceledException>();
        encode.Should().Throw<OperationCanceledException>();
    }

    [Fact]
    public void Images_of_other_channels_than_the_models_are_refused()
    {
        var encode = () => EncodedImages.Encode(_classifier, new LabelSource([0, 1]), batchSize: 2);

        encode.Should().Throw<TweedieException>().WithMessage("'labels' has images with 1 channel(s), but the model's input has 3*");
    }

    [Fact]
    public void No_tensor_is_left_behind() => LiveTensors.LeftBy(() =>
    {
        using var images = EncodedImages.Encode(_classifier, _source, batchSize: 16);
        Evaluate(_settings with { Draws = 2, BatchSize = 40, Control = true, Guidance = [2] }, images);
    }).Should().Be(0);

    private void ShouldBeRefused(ClassificationSettings settings, string message)
    {
        var evaluate = () => Evaluate(settings);

        evaluate.Should().Throw<TweedieException>().WithMessage(message);
    }

    private List<ClassificationResult> Evaluate(ClassificationSettings settings, EncodedImages? images = null) =>
        [.. ClassificationEvaluator.Evaluate(_classifier, images ?? _images, settings)];
}
