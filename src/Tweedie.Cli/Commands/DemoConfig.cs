using Tweedie.Images;
using Tweedie.Models;
using Tweedie.Networks;
using Tweedie.Sampling;
using Tweedie.Training;

namespace Tweedie.Cli.Commands;

/// <summary>The trainings of the demo, on generated images: the two classifiers have the same small encoder.</summary>
internal static class DemoConfig
{
    public const string Linear = "linear";
    public const string Diffusion = "tdd";
    public const string Caption = "caption";

    private static readonly EvaluationOptions AtTheEnd = new() { EveryEpochs = 0 };

    /// <summary>The trainings by name; the captioner takes too long for a quick demo.</summary>
    public static IReadOnlyList<string> Names(bool quick) => quick ? [Linear, Diffusion] : [Linear, Diffusion, Caption];

    /// <summary>The config of a training.</summary>
    public static RunConfig Create(string name, bool quick) => name switch
    {
        Caption => Captioner(),
        Linear => Classifier(TokenMethod.Linear, quick),
        _ => Classifier(TokenMethod.Tdd, quick),
    };

    /// <summary>The config of a classifier.</summary>
    public static ClassificationRun Classifier(TokenMethod method, bool quick) => new()
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
        Evaluation = AtTheEnd,
    };

    /// <summary>The config of the captioner: configs/scenes-caption.yaml with less of everything.</summary>
    public static CaptionRun Captioner() => new()
    {
        Data = new DataOptions { Train = "scenes:count=4000,test=100,size=32,phrasings=1,seed=1" },
        Model = new CaptionerOptions
        {
            Tokens = 32,
            Condition = CaptionCondition.AllTokens,
            Encoder = new VisionTransformerOptions { ImageSize = 32, PatchSize = 8, Width = 64, Depth = 2, Heads = 4, MlpRatio = 2 },
            Denoiser = new DenoiserOptions { Width = 64, Depth = 2, Heads = 4, MlpRatio = 2 },
        },
        Training = new TrainingOptions
        {
            Epochs = 9,
            BatchSize = 32,
            LearningRate = 2.4e-2,
            WarmupEpochs = 1,
            WeightDecay = 0.01,
            EmaDecay = 0.995,
            LabelSmoothing = 0,
            Coefficient = false,
            Reuse = 2,
            ConditionDropout = 0.1,
            Timesteps = TimestepDistribution.Beta,
        },
        Evaluation = AtTheEnd with { Steps = [20] },
    };
}
