using Tweedie.Images;
using Tweedie.Models;
using Tweedie.Networks;
using Tweedie.Sampling;
using Tweedie.Tests.Data;
using Tweedie.Training;

namespace Tweedie.Tests.Training;

/// <summary>
/// The first rows of the paper's Table 2 on a small scale: same network, steps, data and sampling (20 steps, argmax), three objectives.
/// Regression on the noise must carry K entries of noise through a network that is d wide. Where K is larger, as in the paper
/// (1000 and 768), the classes drown in the noise that remains; where K is smaller, regression learns too.
/// </summary>
[Collection(GlobalState.Name)]
public sealed class RegressionTests : IDisposable
{
    private const int Width = 32;
    private const int Size = 8;

    private readonly TemporaryFolder _data = new();

    public void Dispose() => _data.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void With_more_classes_than_width_regression_on_the_noise_fails_where_cross_entropy_learns(long seed)
    {
        WriteImages(classes: 40, seed);

        Accuracy(PredictionKind.Logits, seed).Should().BeGreaterThan(0.9); // seeds 1 to 5: 0.956 to 0.994
        Accuracy(PredictionKind.Noise, seed).Should().BeLessThan(0.25); // 0.075 to 0.088; chance is 0.025
    }

    [Fact]
    public void With_more_classes_than_width_regression_on_the_clean_vectors_learns()
    {
        WriteImages(classes: 40, seed: 1);

        Accuracy(PredictionKind.Clean, seed: 1).Should().BeGreaterThan(0.6); // seeds 1 to 5: 0.781 to 0.900
    }

    [Fact]
    public void With_fewer_classes_than_width_regression_on_the_noise_learns()
    {
        WriteImages(classes: 10, seed: 1);

        Accuracy(PredictionKind.Noise, seed: 1).Should().BeGreaterThan(0.8); // 1.0
    }

    // Each class has a pattern of its own, and each image is its class's pattern under noise.
    private void WriteImages(int classes, long seed)
    {
        const int count = 640;
        var random = new SampleRandom(seed);
        var patterns = Enumerable.Range(0, classes * Size * Size).Select(_ => random.NextInt(256)).ToArray();
        var labels = Enumerable.Range(0, count).Select(i => (byte)(i % classes)).ToArray();
        var pixels = labels.SelectMany(label => patterns.AsMemory(label * Size * Size, Size * Size).ToArray())
            .Select(value => (byte)Math.Clamp(value + random.NextInt(129) - 64, 0, 255)).ToArray();
        File.WriteAllBytes(_data.File("train-images-idx3-ubyte"), Encoded.Idx(2051, [count, Size, Size], pixels));
        File.WriteAllBytes(_data.File("train-labels-idx1-ubyte"), Encoded.Idx(2049, [count], labels));
    }

    private double Accuracy(PredictionKind prediction, long seed)
    {
        using var folder = new TrainingFolder();
        return folder.Train(new ClassificationRun
        {
            Seed = seed,
            Data = new DataOptions { Train = _data.Path, Holdout = 160, Workers = 0 },
            Model = new ClassifierOptions
            {
                Encoder = new VisionTransformerOptions { ImageSize = Size, Channels = 1, PatchSize = 4, Width = 32, Depth = 1, Heads = 2, MlpRatio = 2 },
                Denoiser = new DenoiserOptions { Width = Width, Depth = 1, Heads = 2, MlpRatio = 2 },
                Diffusion = new DiffusionOptions { Prediction = prediction },
            },
            Training = new TrainingOptions
            {
                Epochs = 10,
                BatchSize = 32,
                LearningRate = 0.06,
                WarmupEpochs = 0.5,
                WeightDecay = 0,
                EmaDecay = 0.9,
                ConditionDropout = 0,
                Coefficient = false,
                LabelSmoothing = 0,
            },
            Evaluation = new EvaluationOptions { EveryEpochs = 0, Steps = [20] },
        })["top1.20steps.last"];
    }
}
