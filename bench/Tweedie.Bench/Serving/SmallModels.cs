using Tweedie.Models;
using Tweedie.Text;

namespace Tweedie.Bench.Serving;

/// <summary>A classifier and a captioner of the demo's size. They are not trained: speed and memory do not depend on it.</summary>
internal static class SmallModels
{
    /// <summary>The side of an image that both take.</summary>
    public const int ImageSize = 32;

    /// <summary>Writes both into folders of these names.</summary>
    public static void Save(string folder)
    {
        var classes = new ClassifierOptions
        {
            ClassNames = [.. Enumerable.Range(0, 10).Select(number => $"class {number}")],
            Encoder = new() { ImageSize = 24, PatchSize = 6, Width = 64, Depth = 3, Heads = 2, MlpRatio = 2 },
            Denoiser = new() { Width = 64, Depth = 1, Heads = 2, MlpRatio = 2 },
            Mean = [0.5, 0.5, 0.5],
            Std = [0.25, 0.25, 0.25],
        };
        using (var classifier = new ImageClassifier(classes, TokenNetwork.Create(classes, 10)))
            classifier.Save(Path.Combine(folder, "classifier"));
        var tokenizer = WordTokenizer.Build(["in the top left is a large green ring and in the top right is a small red square"]);
        var captions = new CaptionerOptions
        {
            Tokens = 32,
            Condition = CaptionCondition.AllTokens,
            Encoder = new() { ImageSize = ImageSize, PatchSize = 8, Width = 64, Depth = 2, Heads = 4, MlpRatio = 2 },
            Denoiser = new() { Width = 64, Depth = 2, Heads = 4, MlpRatio = 2 },
            Mean = [0.5, 0.5, 0.5],
            Std = [0.25, 0.25, 0.25],
        };
        using var captioner = new ImageCaptioner(captions, TokenNetwork.Create(captions, tokenizer.VocabularySize), tokenizer);
        captioner.Save(Path.Combine(folder, "captioner"));
    }
}
