using System.Text.Json;
using Tweedie.Training;

namespace Tweedie.Experiments;

/// <summary>The studies of the three scales.</summary>
public static class Studies
{
    // The curves and tables need these of all classifiers.
    private const string Evaluation = "evaluation.steps=[1, 20]";
    private const string Guidance = "evaluation.guidance=3";
    private const string EveryEpoch = "evaluation.everyEpochs=1";

    /// <summary>The study of a scale.</summary>
    /// <param name="scale">The scale.</param>
    /// <param name="data">The folder that holds the data sets; not used by <see cref="ScaleKind.Quick"/>.</param>
    /// <param name="seeds">Number of seeds; null is the scale's own.</param>
    public static Study Create(ScaleKind scale, string data, int? seeds = null) => scale switch
    {
        ScaleKind.Quick => Quick(seeds),
        ScaleKind.Small => Small(data, seeds),
        _ => Paper(data, seeds),
    };

    private static Study Quick(int? seeds) => new()
    {
        Scale = ScaleKind.Quick,
        Seeds = seeds ?? 3,
        Benchmarks = [new() { Name = "shapes", Title = "generated shapes", Run = BuiltInConfig.Read<ClassificationRun>("shapes") }],
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
