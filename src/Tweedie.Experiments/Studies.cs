using System.Text.Json;
using Tweedie.Experiments.Paper;
using Tweedie.Training;

namespace Tweedie.Experiments;

/// <summary>The studies of the scales.</summary>
public static class Studies
{
    // The curves and tables need these of all classifiers.
    private const string Evaluation = "evaluation.steps=[1, 20]";
    private const string Guidance = "evaluation.guidance=3";
    private const string EveryEpoch = "evaluation.everyEpochs=1";

    // A head trains in seconds, so that writing its state takes longer than an epoch. The hidden layer gives the MLP as many parameters as the head of TDD has.
    private static readonly string[] OfHeads = [Evaluation, Guidance, "evaluation.everyEpochs=10", "training.checkpointEpochs=1000", "model.hiddenWidth=733"];

    private static readonly Arm[] OnFeatures = [Arm.Linear, Arm.Mlp, Arm.Blind, Arm.Coefficient, Arm.NoCoefficient, Arm.NoGuidance, Arm.NoiseRegression];

    private static readonly string[] OfBest = [Evaluation, Guidance, "evaluation.keep=best", "training.checkpointEpochs=2"];

    private static readonly Arm[] ToConvergence = [Arm.Linear, Arm.Mlp, Arm.NoCoefficient];

    // The network's own prediction must not come back either, or the noise-only control would feed something back.
    private static readonly string[] PaperLoop = ["model.sampling=null", "model.denoiser.selfConditioning=false"];

    private static readonly Arm[] OfThePaper = [Arm.Linear, Arm.Coefficient, Arm.NoCoefficient, Arm.NoGuidance, Arm.NoiseRegression, Arm.CleanRegression];

    /// <summary>The study of a scale.</summary>
    /// <param name="scale">The scale.</param>
    /// <param name="data">The folder that holds the data sets; not used by <see cref="ScaleKind.Quick"/> and <see cref="ScaleKind.Iterating"/>.</param>
    /// <param name="seeds">Number of seeds; null is the scale's own.</param>
    public static Study Create(ScaleKind scale, string data, int? seeds = null) => scale switch
    {
        ScaleKind.Quick => Quick(seeds),
        ScaleKind.Small => Small(data, seeds),
        ScaleKind.Features => Features(data, seeds),
        ScaleKind.Convergence => Convergence(data, seeds),
        ScaleKind.Iterating => Iterating(seeds),
        _ => Paper(data, seeds),
    };

    private static Study Quick(int? seeds) => new()
    {
        Scale = ScaleKind.Quick,
        Seeds = seeds ?? 3,
        Benchmarks = [new() { Name = "shapes", Title = "generated shapes", Run = BuiltInConfig.Read<ClassificationRun>("shapes"), Arms = OfThePaper }],
        Captions =
        [
            new()
            {
                Name = "scenes",
                Title = "generated scenes",
                Run = BuiltInConfig.Read<CaptionRun>("scenes-caption", "training.epochs=12"),
                Clip = BuiltInConfig.Read<ClipRun>("scenes-clip"),
                Seeds = seeds ?? 1, // a training takes as long as ten of a classifier
                Steps = 20,
            },
        ],
    };

    private static Study Small(string data, int? seeds) => new()
    {
        Scale = ScaleKind.Small,
        Seeds = seeds ?? 3,
        Benchmarks =
        [
            new()
            {
                Name = "fashion-mnist",
                Title = "Fashion-MNIST",
                Run = BuiltInConfig.Read<ClassificationRun>("fashion-mnist", Folder(data, "fashion-mnist"), Evaluation, Guidance, EveryEpoch),
                Arms = [Arm.Linear, Arm.NoCoefficient],
            },
            new()
            {
                Name = "cifar10",
                Title = "CIFAR-10 (9,000 images)",
                Run = BuiltInConfig.Read<ClassificationRun>("cifar10", Folder(data, "cifar10"), Evaluation, Guidance, EveryEpoch),
                Arms = [Arm.Linear, Arm.Coefficient, Arm.NoCoefficient, Arm.NoGuidance, Arm.NoiseRegression],
            },
            new()
            {
                Name = "imagenette",
                Title = "Imagenette (1,500 images)",
                Run = BuiltInConfig.Read<ClassificationRun>(
                    "imagenette", Folder(data, "imagenette-224"), "training.epochs=30", "training.warmupEpochs=3", Evaluation, Guidance, EveryEpoch),
                Arms = [Arm.Linear, Arm.NoCoefficient],
            },
        ],
        Captions =
        [
            new()
            {
                Name = "flickr8k",
                Title = "Flickr8k (4,000 images)",
                Run = BuiltInConfig.Read<CaptionRun>("flickr8k", Folder(data, "flickr8k-4k")),
                Clip = BuiltInConfig.Read<ClipRun>("flickr8k-clip", Folder(data, "flickr8k-4k")),
                Seeds = seeds ?? 3,
                Guidance = 1.5,
            },
        ],
    };

    private static Study Features(string data, int? seeds) => new()
    {
        Scale = ScaleKind.Features,
        Seeds = seeds ?? 20,
        ShowsTime = true,
        Benchmarks =
        [
            new()
            {
                Name = "imagenette",
                Title = "Imagenette (1,350 images, which the encoder has seen)",
                Run = BuiltInConfig.Read<ClassificationRun>("imagenette-resnet18", [Folder(data, "imagenette-224"), .. OfHeads]),
                Arms = OnFeatures,
            },
            new()
            {
                Name = "cifar10",
                Title = "CIFAR-10 (9,000 images)",
                Run = BuiltInConfig.Read<ClassificationRun>("cifar10-resnet18", [Folder(data, "cifar10"), .. OfHeads]),
                Arms = OnFeatures,
            },
            new()
            {
                Name = "cifar10-1000",
                Title = "CIFAR-10 (1,000 images, 100 epochs)",
                Run = BuiltInConfig.Read<ClassificationRun>("cifar10-resnet18", [Folder(data, "cifar10"), "data.limit=1000", "training.epochs=100", .. OfHeads]),
                Arms = [Arm.Linear, Arm.Mlp, Arm.Blind, Arm.Coefficient, Arm.NoCoefficient],
                HasVariants = true,
            },
        ],
        Captions = [],
    };

    // Many epochs and little augmentation, so that each method can peak on two cores; the hidden layers give the MLPs as many parameters as the heads of TDD.
    private static Study Convergence(string data, int? seeds) => new()
    {
        Scale = ScaleKind.Convergence,
        Seeds = seeds ?? 3,
        ShowsTime = true,
        Benchmarks =
        [
            new()
            {
                Name = "cifar10",
                Title = "CIFAR-10 (9,000 images), from scratch",
                Run = BuiltInConfig.Read<ClassificationRun>(
                    "cifar10", [Folder(data, "cifar10"), "training.epochs=60", "training.warmupEpochs=5", "data.augment.padCrop=0", "evaluation.everyEpochs=2", "model.hiddenWidth=3556", .. OfBest]),
                Arms = [.. ToConvergence, Arm.LargerLinear],
            },
            new()
            {
                Name = "fashion-mnist",
                Title = "Fashion-MNIST, from scratch",
                Run = BuiltInConfig.Read<ClassificationRun>(
                    "fashion-mnist", [Folder(data, "fashion-mnist"), "training.epochs=30", "evaluation.everyEpochs=1", "model.hiddenWidth=2402", .. OfBest]),
                Arms = ToConvergence,
            },
        ],
        Captions = [],
    };

    private static Study Iterating(int? seeds) => new()
    {
        Scale = ScaleKind.Iterating,
        Seeds = seeds ?? 3,
        Benchmarks = [new() { Name = "shapes", Title = "generated shapes", Run = BuiltInConfig.Read<ClassificationRun>("shapes"), Arms = [Arm.NoCoefficient] }],
        Captions =
        [
            new()
            {
                Name = "scenes",
                Title = "generated scenes",
                Run = BuiltInConfig.Read<CaptionRun>("scenes-caption", "training.epochs=16"),
                Clip = BuiltInConfig.Read<ClipRun>("scenes-clip"),
                Seeds = seeds ?? 3,
                Steps = 20,
            },
        ],
        Rows =
        [
            new()
            {
                Name = "attributes",
                Title = "attributes of generated scenes",
                Run = BuiltInConfig.Read<AnnotationRun>("scenes-attributes"),
                Test = "scenes:test=1000",
                Correlation = SceneCorrelation.OfAttributes,
                How = "exact, from the generator; given a sharp image 0",
            },
            new()
            {
                Name = "sudoku4",
                Title = "Sudoku 4 × 4",
                Run = BuiltInConfig.Read<TokensRun>("sudoku4", PaperLoop),
                Test = "sudoku:size=4,test=1000",
                Correlation = 16 * Math.Log2(4) - Math.Log2(288),
                How = "exact, of the 288 grids; given the clues one grid is left",
            },
            new()
            {
                Name = "sudoku6",
                Title = "Sudoku 6 × 6",
                Run = BuiltInConfig.Read<TokensRun>("sudoku6", PaperLoop),
                Test = "sudoku:size=6,test=1000",
                Correlation = 36 * Math.Log2(6) - Math.Log2(28_200_960),
                How = "exact, of the 28,200,960 grids; given the clues one grid is left",
            },
        ],
    };

    private static Study Paper(string data, int? seeds) => new()
    {
        Scale = ScaleKind.Paper,
        Seeds = seeds ?? 1,
        Benchmarks =
        [
            new()
            {
                Name = "imagenet",
                Title = "ImageNet-1k, ViT-B/16",
                Run = BuiltInConfig.Read<ClassificationRun>("imagenet-vit-b16", Folder(data, "imagenet"), Evaluation, Guidance),
                Arms = OfThePaper,
                PublishedSize = (Images: 1_281_167, Classes: 1000),
                // As in the paper, but for Table 2's cross-entropy at 400 epochs: TDD is trained once, for 500.
                Epochs = new Dictionary<Arm, int> { [Arm.Linear] = 300, [Arm.NoiseRegression] = 400, [Arm.CleanRegression] = 400 },
            },
        ],
        Captions =
        [
            new()
            {
                Name = "coco",
                Title = "COCO 2017 captions",
                Run = BuiltInConfig.Read<CaptionRun>("coco2017", Folder(data, "coco"), Setting("tokenizer.folder", Path.Combine(data, "bert-base-uncased"))),
                ClipFolder = Path.Combine(data, "clip-vit-base-patch32"),
                Seeds = seeds ?? 1,
                Guidance = 1.5,
                PublishedSize = (Images: 118_287, Vocabulary: 30_522),
            },
        ],
    };

    private static string Folder(string data, string name) => Setting("data.train", Path.Combine(data, name));

    // The value is quoted, because a path may hold signs that mean something in YAML.
    private static string Setting(string key, string path) => $"{key}={JsonSerializer.Serialize(path)}";
}
