using TorchSharp;
using Tweedie.Evaluation;
using Tweedie.Images;
using Tweedie.Models;
using Tweedie.Platform;
using Tweedie.Sampling;
using Tweedie.Tensors;
using static TorchSharp.torch;

namespace Tweedie.Tests.Models;

public sealed class ImageClassifierTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly ImageClassifier _classifier = TinyClassifier.Create();
    private readonly Tensor _images = TinyClassifier.Images(5);

    public void Dispose()
    {
        _scope.Dispose();
        _classifier.Dispose();
    }

    [Theory]
    [InlineData(1, DecodeKind.Last)]
    [InlineData(6, DecodeKind.Last)]
    [InlineData(6, DecodeKind.Consensus)]
    public void Predictions_are_distributions_and_draws_have_a_spread(int draws, DecodeKind decode)
    {
        using var prediction = _classifier.Predict(_images, new SamplingOptions { Steps = 4, Draws = draws, Decode = decode });

        prediction.Mean.shape.Should().Equal(5, 7);
        prediction.Mean.sum(1).ShouldBeWithin(1e-5, ones(5));
        prediction.Mean.min().item<float>().Should().BeGreaterThanOrEqualTo(0);
        prediction.Variance.shape.Should().Equal(5, 7);
        prediction.Variance.min().item<float>().Should().BeGreaterThanOrEqualTo(0);
        if (draws == 1)
            prediction.Variance.ShouldEqual(zeros(5, 7));
        else
            prediction.Variance.max().item<float>().Should().BePositive();
    }

    [Fact]
    public void Several_draws_are_the_mean_of_the_single_trajectories()
    {
        var sampling = new SamplingOptions { Steps = 3, Draws = 2, Seed = 9, Decode = DecodeKind.Last };
        using var condition = _classifier.Encode(_images);

        var single = _classifier.Denoise(condition, sampling)
            .Where(step => step.IsLast).Select(step => step.Probabilities().view(5, 2, 7)).Single().unbind(1);
        using var prediction = _classifier.PredictEncoded(condition, sampling);

        single[0].ShouldNotEqual(single[1]);
        prediction.Mean.ShouldBeWithin(1e-6, single[0].Plus(single[1]).Over(2));
        prediction.Variance.ShouldBeWithin(1e-6, (single[0] - single[1]).Squared().Over(2));
    }

    [Fact]
    public void Draws_that_do_not_fit_into_one_batch_are_made_in_several()
    {
        using var condition = _classifier.Encode(TinyClassifier.Images(300));

        using var prediction = _classifier.PredictEncoded(condition, new SamplingOptions { Steps = 2, Draws = 8 });

        prediction.Mean.shape.Should().Equal(300, 7);
        prediction.Mean.sum(1).ShouldBeWithin(1e-5, ones(300));
        prediction.Variance.amax([1L]).min().item<float>().Should().BePositive();
    }

    [Theory]
    [InlineData(TokenMethod.Tdd)]
    [InlineData(TokenMethod.Linear)]
    public void Weights_in_bfloat16_predict_nearly_the_same_in_float32(TokenMethod method)
    {
        using var folder = new TemporaryFolder();
        using var classifier = TinyClassifier.Create(TinyClassifier.Options with { Method = method });
        classifier.Save(folder.File("model"));
        using var half = ImageClassifier.Load(folder.File("model"), precision: Precision.Bf16);
        var sampling = new SamplingOptions { Steps = 1, Guidance = 2 };

        using var expected = classifier.Predict(_images, sampling);
        using var prediction = half.Predict(_images, sampling);

        half.Network.parameters().Should().OnlyContain(parameter => parameter.dtype == ScalarType.BFloat16);
        prediction.Mean.dtype.Should().Be(ScalarType.Float32);
        prediction.Mean.ShouldBeWithin(0.02, expected.Mean);
        prediction.Mean.ShouldNotEqual(expected.Mean);
    }

    [Fact]
    public void The_seed_alone_decides()
    {
        var sampling = new SamplingOptions { Steps = 4, Draws = 2, Seed = 7, ToOne = ToOneKind.Multinomial };
        using var first = _classifier.Predict(_images, sampling);
        using var second = _classifier.Predict(_images, sampling);
        using var other = _classifier.Predict(_images, sampling with { Seed = 8 });

        second.Mean.ShouldEqual(first.Mean);
        second.Variance.ShouldEqual(first.Variance);
        other.Mean.ShouldNotEqual(first.Mean);
    }

    [Fact]
    public void The_prediction_depends_on_the_image()
    {
        using var prediction = _classifier.Predict(_images[0].unsqueeze(0));
        using var other = _classifier.Predict(_images[1].unsqueeze(0));

        other.Mean.ShouldNotEqual(prediction.Mean);
    }

    [Fact]
    public void Guidance_changes_the_prediction_and_a_scale_of_one_does_not()
    {
        using var plain = _classifier.Predict(_images, new SamplingOptions { Steps = 3 });
        using var one = _classifier.Predict(_images, new SamplingOptions { Steps = 3, Guidance = 1, GuidanceSchedule = GuidanceSchedule.Linear });
        using var guided = _classifier.Predict(_images, new SamplingOptions { Steps = 3, Guidance = 3 });

        one.Mean.ShouldEqual(plain.Mean);
        guided.Mean.ShouldNotEqual(plain.Mean);
    }

    [Fact]
    public void A_linear_classifier_predicts_the_softmax_of_its_head_with_no_variance()
    {
        using var linear = TinyClassifier.Create(TinyClassifier.Linear);
        using var prediction = linear.Predict(_images, new SamplingOptions { Draws = 5 });

        prediction.Mean.ShouldEqual(nn.functional.softmax(linear.Network.LinearLogits(linear.Encode(_images)), -1));
        prediction.Variance.ShouldEqual(zeros(5, 7));
    }

    [Theory]
    [InlineData(TokenMethod.Tdd)]
    [InlineData(TokenMethod.Linear)]
    public void Threads_share_a_classifier(TokenMethod method)
    {
        using var classifier = TinyClassifier.Create(TinyClassifier.Options with { Method = method });
        var sampling = new SamplingOptions { Steps = 3, Draws = 2, Guidance = 2 };
        float[] Predict(int thread)
        {
            using var prediction = classifier.Predict(_images, sampling with { Seed = thread });
            return prediction.Mean.data<float>().ToArray();
        }
        var expected = Enumerable.Range(0, 8).Select(Predict).ToList();

        var actual = new float[8][];
        var threads = Enumerable.Range(0, 8).Select(i => new Thread(() =>
        {
            for (var repeat = 0; repeat < 5; repeat++)
                actual[i] = Predict(i);
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());

        for (var i = 0; i < actual.Length; i++)
            actual[i].Should().Equal(expected[i]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(0.5)]
    public void Images_are_prepared_as_evaluation_reads_them(double cropRatio)
    {
        var source = new ShapeSource(count: 3, size: 24);
        var options = TinyClassifier.Options with { CropRatio = cropRatio };
        using var classifier = TinyClassifier.Create(options);
        var loader = new ImageLoader(source, new ResizeCrop(16, cropRatio), options.Normalization(), new ImageLoaderOptions { BatchSize = 3 });
        using var batch = loader.Epoch(0).Single();
        using var read = EncodedImages.Encode(classifier.Model, source, batchSize: 3);

        var prepared = classifier.Prepare([source.Read(0), source.Read(1), source.Read(2)]);

        prepared.ShouldEqual(batch.Tensors().Images);
        classifier.Encode(prepared).ShouldEqual(read.Condition);
    }

    [Fact]
    public void The_stream_of_steps_stops_when_it_is_cancelled()
    {
        using var stop = new CancellationTokenSource();
        var steps = 0;
        var denoise = () =>
        {
            foreach (var _ in _classifier.Denoise(_classifier.Encode(_images), new SamplingOptions { Steps = 10 }, stop.Token))
                if (++steps == 4)
                    stop.Cancel();
        };

        denoise.Should().Throw<OperationCanceledException>();
        steps.Should().Be(4);
    }

    [Fact]
    public void More_steps_than_timesteps_are_refused_by_name()
    {
        var predict = () => _classifier.Predict(_images, new SamplingOptions { Steps = 1001 });

        predict.Should().Throw<TweedieException>().WithMessage("steps = 1001 is more than the model's 1000 timesteps; use at most 1000.");
    }

    [Theory]
    [InlineData(TokenMethod.Tdd)]
    [InlineData(TokenMethod.Linear)]
    public void No_tensor_is_left_behind(TokenMethod method) => LiveTensors.LeftBy(() =>
    {
        using var classifier = TinyClassifier.Create(TinyClassifier.Options with { Method = method });
        using var prediction = classifier.Predict(_images, new SamplingOptions { Steps = 3, Draws = 2, Guidance = 2 });
        using var condition = classifier.Encode(_images);
        if (method == TokenMethod.Tdd)
            _ = classifier.Denoise(condition).Count();
    }).Should().Be(0);
}
