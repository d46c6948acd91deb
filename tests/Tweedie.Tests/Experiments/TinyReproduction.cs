using Tweedie.Experiments;
using Tweedie.Experiments.Paper;
using Tweedie.Experiments.Report;
using Tweedie.Images;
using Tweedie.Models;
using Tweedie.Networks;
using Tweedie.Training;
using static TorchSharp.torch;

namespace Tweedie.Tests.Experiments;

/// <summary>Every experiment on very small models, run once for all tests that look at it.</summary>
public sealed class TinyReproduction : IDisposable
{
    private readonly TemporaryFolder _temporary = new();

    public TinyReproduction()
    {
        Folder = new ReproductionFolder(_temporary.File("whole"));
        Reproduction.Open(Folder, Study, data: "", "tweedie reproduce all", resume: false).Run(PaperExperiments.All, CPU);
        ReportWriter.Write([Folder], Folder.Report);
    }

    public static Study Study { get; } = new()
    {
        Scale = ScaleKind.Quick,
        Seeds = 2,
        Steps = 4,
        StepCounts = [1, 4],
        Benchmarks =
        [
            new Benchmark
            {
                Name = "tiny",
                Title = "tiny shapes",
                HasVariants = true,
                Run = new ClassificationRun
                {
                    Data = new DataOptions { Train = "shapes:count=80,test=40,size=16,seed=3", Holdout = 16, Workers = 0 },
                    Model = new ClassifierOptions
                    {
                        Encoder = new VisionTransformerOptions { ImageSize = 16, PatchSize = 8, Width = 16, Depth = 1, Heads = 2, MlpRatio = 1 },
                        Denoiser = new DenoiserOptions { Width = 16, Depth = 1, Heads = 2, MlpRatio = 1 },
                    },
                    Training = new TrainingOptions { Epochs = 2, BatchSize = 32, WarmupEpochs = 0, Reuse = 2, LogEvery = 1 },
                    Evaluation = new EvaluationOptions { Steps = [1, 4], Guidance = 3 },
                },
            },
        ],
        Captions =
        [
            new CaptionBenchmark
            {
                Name = "tiny-scenes",
                Title = "tiny scenes",
                Run = new CaptionRun
                {
                    Data = new DataOptions { Train = "scenes:count=80,test=20,size=32,seed=1", Workers = 0 },
                    Tokenizer = new TokenizerOptions { MinimumCount = 1 },
                    Model = new CaptionerOptions
                    {
                        Tokens = 32,
                        Condition = CaptionCondition.AllTokens,
                        Encoder = new VisionTransformerOptions { ImageSize = 32, PatchSize = 16, Width = 16, Depth = 1, Heads = 2, MlpRatio = 1 },
                        Denoiser = new DenoiserOptions { Width = 16, Depth = 1, Heads = 2, MlpRatio = 1 },
                    },
                    Training = new TrainingOptions { Epochs = 1, BatchSize = 40, WarmupEpochs = 0, Reuse = 1, LogEvery = 1 },
                },
                Clip = new ClipRun
                {
                    Data = new DataOptions { Train = "scenes:count=80,test=20,size=32,seed=1", Workers = 0 },
                    Tokenizer = new TokenizerOptions { MinimumCount = 1 },
                    Model = new ClipModelOptions
                    {
                        Network = new ClipOptions
                        {
                            EmbeddingWidth = 16,
                            Image = new ClipImageOptions { ImageSize = 32, PatchSize = 16, Width = 16, Depth = 1, Heads = 2, MlpRatio = 1 },
                            Text = new ClipTextOptions { Length = 32, Width = 16, Depth = 1, Heads = 2, MlpRatio = 1 },
                        },
                    },
                    Training = new TrainingOptions { Epochs = 1, BatchSize = 40, WarmupEpochs = 0, LogEvery = 1 },
                },
                Seeds = 1,
                Steps = 4,
            },
        ],
        Rows =
        [
            new RowBenchmark
            {
                Name = "tiny-attributes",
                Title = "tiny attributes",
                Run = new AnnotationRun
                {
                    Data = new DataOptions { Train = "scenes:count=80", Workers = 0 },
                    Model = new AnnotatorOptions
                    {
                        Encoder = new VisionTransformerOptions { ImageSize = 32, PatchSize = 16, Width = 16, Depth = 1, Heads = 2, MlpRatio = 1 },
                        Denoiser = new DenoiserOptions { Width = 16, Depth = 1, Heads = 2, MlpRatio = 1 },
                    },
                    Training = new TrainingOptions { Epochs = 1, BatchSize = 40, WarmupEpochs = 0, Reuse = 1, LogEvery = 1 },
                },
                Test = "scenes:test=20",
                Correlation = 2,
                How = "made up",
                Steps = 4,
            },
            new RowBenchmark
            {
                Name = "tiny-sudoku",
                Title = "tiny Sudoku",
                Run = new TokensRun
                {
                    Data = new TokenDataOptions { Train = "sudoku:size=4,count=80", HoldoutRows = 10 },
                    Model = new RowGeneratorOptions { Denoiser = new DenoiserOptions { Width = 16, Depth = 1, Heads = 2, MlpRatio = 1 } },
                    Training = new TokensRun().Training with { Epochs = 1, BatchSize = 40, WarmupEpochs = 0, LogEvery = 1 },
                    Evaluation = new EvaluationOptions { Steps = [4] },
                },
                Test = "sudoku:size=4,test=20",
                Correlation = 3,
                How = "made up",
                Steps = 4,
            },
        ],
    };

    /// <summary>The reproduction.</summary>
    public ReproductionFolder Folder { get; }

    /// <summary>A place for other files.</summary>
    public string File(string name) => _temporary.File(name);

    public void Dispose() => _temporary.Dispose();
}
