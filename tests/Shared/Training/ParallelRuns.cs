using Tweedie.Images;
using Tweedie.Models;
using Tweedie.Networks;
using Tweedie.Sampling;
using Tweedie.Tests.Models;
using Tweedie.Training;

namespace Tweedie.Tests.Training;

/// <summary>A small run of each kind for trainings in several processes: batches of 16, and evaluations of several batches.</summary>
internal static class ParallelRuns
{
    private static readonly string Text = string.Concat(Enumerable.Repeat("the owl sat. a cat ran! ", 60));

    /// <summary>The names of the runs.</summary>
    public static TheoryData<string> Names => ["classifier", "linear", "captioner", "text", "puzzles", "clip", "measuring"];

    /// <summary>The run of a name; <paramref name="folder"/> receives the files that it needs.</summary>
    public static RunConfig Of(string name, string folder) => name switch
    {
        "classifier" => Classifier,
        "linear" => Classifier with { Model = Classifier.Model with { Method = TokenMethod.Linear }, Data = Classifier.Data with { Augment = new AugmentOptions { Flip = true, Mixup = new MixupOptions { Alpha = 0.8 } } } },
        "captioner" => Captioner,
        "text" => new TextRun
        {
            Data = new() { Train = Write(folder, Text), Holdout = 0.2, Cache = Path.Combine(folder, "cache") },
            Model = new() { Tokens = 8, Denoiser = TinyRun.Denoiser },
            Training = new TextRun().Training with { Epochs = 1, BatchSize = 16, WarmupEpochs = 0, LogEvery = 1, LearningRate = 0.02 },
            Evaluation = new() { BatchSize = 8 },
        },
        "puzzles" => new TokensRun
        {
            Data = new() { Train = "sudoku:size=4,count=64,val=20", HoldoutRows = 20 },
            Model = new() { Denoiser = TinyRun.Denoiser, Sampling = new() { Steps = 3 } },
            Training = new TokensRun().Training with { Epochs = 2, BatchSize = 16, WarmupEpochs = 0, LogEvery = 1 },
            Evaluation = new() { BatchSize = 8 },
        },
        "clip" => new ClipRun
        {
            Seed = 5,
            Data = new DataOptions { Train = "scenes:count=212,size=32", Holdout = 164, Workers = 0 },
            Model = new ClipModelOptions
            {
                Network = new ClipOptions
                {
                    EmbeddingWidth = 12,
                    Image = new ClipImageOptions { ImageSize = 32, PatchSize = 16, Width = 16, Depth = 1, Heads = 2, MlpRatio = 2 },
                    Text = new ClipTextOptions { Length = 40, Width = 16, Depth = 1, Heads = 2, MlpRatio = 2 },
                },
            },
            Training = new TrainingOptions { Epochs = 2, BatchSize = 16, LearningRate = 0.01, WarmupEpochs = 0, EmaDecay = 0.9, LogEvery = 1 },
        },
        "measuring" => Captioner with
        {
            Model = Captioner.Model with { Diffusion = Captioner.Model.Diffusion with { MeasuresLoss = true, Input = InputKind.Posterior, Prediction = PredictionKind.Evidence } },
            Training = Captioner.Training with { Timesteps = TimestepDistribution.CrossEntropy },
        },
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "is no run"),
    };

    public static ClassificationRun Classifier { get; } = TinyRun.Config.With(training => training with { ConditionDropout = 0.3 }) with
    {
        Data = TinyRun.Config.Data with { Augment = new AugmentOptions { PadCrop = 2, Flip = true } },
        Evaluation = TinyRun.Config.Evaluation with { BatchSize = 4 },
    };

    private static CaptionRun Captioner { get; } = new()
    {
        Seed = 3,
        Data = new DataOptions { Train = "scenes:count=76,phrasings=2", Holdout = 12, Workers = 0 },
        Model = TinyCaptioner.Options with { Tokens = 28, Encoder = TinyRun.Encoder with { ImageSize = 32 }, Mean = [], Std = [] },
        Training = TinyRun.Config.Training with { Reuse = 2, ConditionDropout = 0.2 },
        Evaluation = TinyRun.Config.Evaluation with { BatchSize = 4 },
    };

    private static string Write(string folder, string text)
    {
        var path = Path.Combine(folder, "text.txt");
        File.WriteAllText(path, text);
        return path;
    }
}
