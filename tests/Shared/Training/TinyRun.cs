using Tweedie.Images;
using Tweedie.Models;
using Tweedie.Networks;
using Tweedie.Training;

namespace Tweedie.Tests.Training;

/// <summary>A run that trains within a second: 6 steps per epoch, 2 epochs, on generated images of 16 pixels.</summary>
internal static class TinyRun
{
    public const int StepsPerEpoch = 6;
    public const int Steps = 12;

    public static VisionTransformerOptions Encoder { get; } = new()
    { ImageSize = 16, PatchSize = 8, Width = 16, Depth = 1, Heads = 2, MlpRatio = 2 };

    public static DenoiserOptions Denoiser { get; } = new() { Width = 16, Depth = 1, Heads = 2, MlpRatio = 2 };

    public static ClassificationRun Config { get; } = new()
    {
        Seed = 3,
        Data = new DataOptions { Train = "shapes:count=116,size=16", Holdout = 20, Workers = 0 },
        Model = new ClassifierOptions { Encoder = Encoder, Denoiser = Denoiser },
        Training = new TrainingOptions
        {
            Epochs = 2,
            BatchSize = 16,
            LearningRate = 0.05,
            WarmupEpochs = 0.5,
            EmaDecay = 0.9,
            LogEvery = 1,
        },
        Evaluation = new EvaluationOptions { Steps = [1, 3], Keep = KeptModel.Last },
    };

    public static ClassificationRun With(this ClassificationRun config, Func<TrainingOptions, TrainingOptions> change) =>
        config with { Training = change(config.Training) };
}
