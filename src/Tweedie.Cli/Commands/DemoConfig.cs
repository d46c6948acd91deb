using Tweedie.Images;
using Tweedie.Models;
using Tweedie.Networks;
using Tweedie.Training;

namespace Tweedie.Cli.Commands;

/// <summary>The config of a demo's run: generated images of shapes and a small encoder, the same for both methods.</summary>
internal static class DemoConfig
{
    public static ClassificationRun Create(TokenMethod method, bool quick) => new()
    {
        Data = new DataOptions
        {
            Train = $"shapes:count={(quick ? 2000 : 5000)},test=1000,size=24,seed=1",
            Augment = new AugmentOptions { PadCrop = 2 },
        },
        Model = new ClassifierOptions
        {
            Method = method,
            Encoder = new VisionTransformerOptions { ImageSize = 24, PatchSize = 6, Width = 64, Depth = 3, Heads = 2, MlpRatio = 2 },
            Denoiser = new DenoiserOptions { Width = 64, Depth = 1, Heads = 2, MlpRatio = 2 },
        },
        Training = new TrainingOptions
        {
            Epochs = quick ? 12 : 20,
            BatchSize = 64,
            LearningRate = 1.0e-2,
            WarmupEpochs = 3,
            WeightDecay = 0.02,
            EmaDecay = 0.99,
            Coefficient = false,
            LabelSmoothing = 0,
        },
        Evaluation = new EvaluationOptions { EveryEpochs = 0 },
    };
}
