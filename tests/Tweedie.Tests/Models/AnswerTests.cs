using System.Diagnostics;
using Tweedie.Images;
using Tweedie.Metrics;
using Tweedie.Models;
using Tweedie.Sampling;
using Tweedie.Text;

namespace Tweedie.Tests.Models;

/// <summary>The calls without tensors give what the calls with tensors give, on threads of their own, and end when they are cancelled.</summary>
public sealed class AnswerTests
{
    private static readonly SamplingOptions Few = new() { Steps = 5, Seed = 3 };
    private static readonly RasterImage Image = Picture(3);

    [Fact]
    public void Classes_come_with_names_and_probabilities_best_first()
    {
        using var classifier = TinyClassifier.Create();
        using var images = classifier.Prepare([Image]);
        using var prediction = classifier.Predict(images, Few);
        float[] expected = [.. prediction.Probabilities[0].data<float>()];

        var answers = classifier.Classify(Image, top: 100, Few);

        answers.Select(answer => answer.Class).Should().BeEquivalentTo(Enumerable.Range(0, 7));
        answers.Should().BeInDescendingOrder(answer => answer.Probability);
        foreach (var answer in answers)
        {
            answer.Name.Should().Be(classifier.Options.ClassNames[answer.Class]);
            answer.Probability.Should().Be(expected[answer.Class]);
            (answer.Uncalibrated, answer.IsCalibrated, answer.Deviation).Should().Be((answer.Probability, false, 0));
        }
        classifier.Classify(Image, top: 3, Few).Should().Equal(answers.Take(3));
    }

    [Fact]
    public void Calibrated_probabilities_say_so()
    {
        using var plain = TinyClassifier.Create();
        var setting = plain.Model.Resolve(Few) with { Seed = 0 };
        using var classifier = new ImageClassifier(plain.Options, plain.Network) { Calibration = new() { Settings = [new() { Sampling = setting, Temperature = 4 }] } };

        var answers = classifier.Classify(Image, top: 7, Few);

        answers.Should().OnlyContain(answer => answer.IsCalibrated);
        answers[0].Probability.Should().BeLessThan(answers[0].Uncalibrated, "a temperature above 1 flattens");
        answers.Sum(answer => answer.Probability).Should().BeApproximately(1, 1e-5);
    }

    [Fact]
    public async Task A_stream_gives_what_its_image_gives_and_asynchronous_calls_give_the_same()
    {
        using var classifier = TinyClassifier.Create();
        using var captioner = TinyCaptioner.Create();
        var png = ImageWriter.ToPng(Image);
        var expected = (classifier.Classify(Image, 2, Few), captioner.Caption(Image, Few));

        classifier.Classify(new MemoryStream(png), 2, Few).Should().Equal(expected.Item1);
        (await classifier.ClassifyAsync(new MemoryStream(png), 2, Few)).Should().Equal(expected.Item1);
        captioner.Caption(new MemoryStream(png), Few).Should().Be(expected.Item2);
        (await captioner.CaptionAsync(new MemoryStream(png), Few)).Should().Be(expected.Item2);
    }

    [Fact]
    public void A_grey_model_takes_colour_files()
    {
        using var classifier = TinyClassifier.Create(TinyClassifier.Options with { Encoder = TinyClassifier.Options.Encoder with { Channels = 1 }, Mean = [0.5], Std = [0.25] });

        classifier.Classify(new MemoryStream(ImageWriter.ToPng(Image)), sampling: Few).Should().ContainSingle();
    }

    [Fact]
    public void One_of_several_drawn_captions_is_given()
    {
        using var captioner = TinyCaptioner.Create();
        var several = Few with { Draws = 5, ToOne = ToOneKind.Multinomial };
        using var images = captioner.Prepare([Image]);
        using var condition = captioner.Encode(images);
        var candidates = captioner.Caption(condition, several);

        candidates.Distinct().Should().HaveCountGreaterThan(1);
        captioner.Caption(Image, several).Should().Be(candidates[MinimumBayesRisk.Choose([.. candidates.Select(caption => captioner.Tokenizer.Encode(caption).Select(id => $"{id}").ToArray())])]);
    }

    [Fact]
    public void A_template_holds_its_words()
    {
        using var captioner = TinyCaptioner.Create();

        captioner.Caption(Image, Few, TokenTemplate.Parse("a [_] dog", captioner.Tokenizer)).Should().MatchRegex("^a .*dog");
    }

    [Fact]
    public async Task Steps_arrive_as_they_do_without_threads()
    {
        using var classifier = TinyClassifier.Create();
        using var images = classifier.Prepare([Image]);
        using var condition = classifier.Encode(images);
        var expected = classifier.Denoise(condition, Few).Select(step => step.Snapshot(2)).ToList();

        var steps = await classifier.DenoiseAsync(Image, top: 2, Few).ToListAsync();

        steps.Should().BeEquivalentTo(expected, options => options.WithStrictOrdering());
        steps[^1].IsLast.Should().BeTrue();
    }

    [Fact]
    public async Task Texts_and_their_steps_are_those_of_the_plain_calls()
    {
        using var generator = TinyTextGenerator.Create();
        var expected = generator.Generate(2, "a small", sampling: Few);

        (await generator.GenerateAsync(2, "a small", sampling: Few)).Should().Equal(expected);
        var steps = await generator.DenoiseAsync("a small", sampling: Few).ToListAsync();

        steps.Should().HaveCount(5);
        steps.Should().OnlyContain(step => generator.Written(step.Tokens[0]).StartsWith("a small"), "the prompt stays");
        generator.Written(steps[^1].Tokens[0]).Should().Be(expected[0]);
        FluentActions.Invoking(() => generator.DenoiseAsync("a small dog runs on green grass .")).Should().Throw<TweedieException>().WithMessage("The prompt has *");
    }

    [Fact]
    public async Task The_network_runs_outside_of_the_pool()
    {
        using var classifier = TinyClassifier.Create();
        using var outer = new Activity("test").Start();
        var isPool = new List<bool>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == Telemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStarted = activity =>
            {
                if (activity.TraceId == outer.TraceId)
                    isPool.Add(Thread.CurrentThread.IsThreadPoolThread);
            },
        };
        ActivitySource.AddActivityListener(listener);

        await Task.Run(() => classifier.Classify(Image, sampling: Few));
        await classifier.ClassifyAsync(Image, sampling: Few);
        await classifier.DenoiseAsync(Image, sampling: Few).CountAsync();

        isPool.Should().Equal(true, false, false);
    }

    [Fact]
    public async Task A_reader_that_stops_early_ends_the_computation()
    {
        using var captioner = TinyCaptioner.Create();
        var count = 0;

        await foreach (var step in captioner.DenoiseAsync(Image, sampling: Few with { Steps = 900 }))
            if (++count == 3)
                break;

        captioner.Dispose(); // no thread computes any more, so nothing is taken away from under it
        count.Should().Be(3);
    }

    [Fact]
    public async Task Cancelled_calls_throw()
    {
        using var classifier = TinyClassifier.Create();
        using var stop = new CancellationTokenSource();
        var read = async () =>
        {
            await foreach (var step in classifier.DenoiseAsync(Image, sampling: Few with { Steps = 900 }, cancellation: stop.Token))
                if (step.Index == 2)
                    await stop.CancelAsync();
        };

        (await read.Should().ThrowAsync<OperationCanceledException>()).Which.CancellationToken.Should().Be(stop.Token);
        await FluentActions.Awaiting(() => classifier.ClassifyAsync(Image, cancellation: stop.Token)).Should().ThrowAsync<OperationCanceledException>();
    }

    [Fact]
    public async Task Errors_reach_the_reader()
    {
        using var classifier = TinyClassifier.Create();
        var wrong = new SamplingOptions { Steps = 0 };

        FluentActions.Invoking(() => classifier.Classify(Image, top: 0)).Should().Throw<ArgumentOutOfRangeException>();
        await FluentActions.Awaiting(() => classifier.ClassifyAsync(Image, sampling: wrong)).Should().ThrowAsync<TweedieException>();
        await FluentActions.Awaiting(async () => await classifier.DenoiseAsync(Image, sampling: wrong).ToListAsync()).Should().ThrowAsync<TweedieException>();
        FluentActions.Invoking(() => classifier.Classify(new MemoryStream([1, 2, 3]))).Should().Throw<TweedieException>().WithMessage("'the stream' cannot be read as an image: *");
    }

    private static RasterImage Picture(int seed)
    {
        var pixels = new byte[20 * 16 * 3];
        new Random(seed).NextBytes(pixels);
        return new RasterImage(20, 16, 3, pixels);
    }
}
