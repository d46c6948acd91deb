using Tweedie.Data;
using Tweedie.Models;
using Tweedie.Networks;
using Tweedie.Training;

namespace Tweedie.Cli.Commands;

/// <summary>The demo's run: generated images of shapes, a small encoder, the same for both methods.</summary>
internal static class DemoConfig
{
    public static RunConfig Create(ClassifierMethod method, bool quick) => new()
    {
        Data = new DataOptions
        {
            Train = $"shapes:count={(quick ? 2000 : 8000)},size=32,seed=1",
            Test = "shapes:count=1000,size=32,seed=1",
            Augment = new AugmentOptions { PadCrop = 2, Flip = true },
        },
        Model = new ClassifierOptions
        {
            Method = method,
            Encoder = new VisionTransformerOptions { ImageSize = 32, PatchSize = 8, Width = 96, Depth = 4, Heads = 4, MlpRatio = 2 },
            Denoiser = new DenoiserOptions { Width = 96, Depth = 2, Heads = 4, MlpRatio = 2 },
        },
        Training = new TrainingOptions
        {
            Epochs = quick ? 8 : 20,
            BatchSize = 64,
            LearningRate = 8e-3,
            WarmupEpochs = 1,
            WeightDecay = 0.05,
            EmaDecay = 0.99,
            Coefficient = false,
        },
        Evaluation = new EvaluationOptions { EveryEpochs = 0 },
    };
}
