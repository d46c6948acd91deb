using Tweedie.Models;
using Tweedie.Sampling;
using static TorchSharp.torch;

namespace Tweedie.Bench;

/// <summary>Measures what 20 guided steps cost on top of one pass of the encoder: ViT-B/16 and the paper's head, 1000 classes.</summary>
internal static class LabelSampling
{
    private const int Items = 32;

    public static void Run()
    {
        var options = new ClassifierOptions { ClassNames = [.. Enumerable.Range(0, 1000).Select(i => $"class {i}")] };
        using var classifier = new ImageClassifier(options, TokenNetwork.Create(options, options.ClassNames.Count));
        using var images = randn(Items, 3, 224, 224);
        using var condition = classifier.Encode(images);
        var sampling = new SamplingOptions { Steps = 20, Guidance = 2 };
        var times = Contest.Run($"{Items} images, ViT-B/16, 1000 classes, f32", rounds: 3,
            ("encoder", () => classifier.Encode(images).Dispose()),
            ("20 guided steps", () =>
            {
                using var scope = NewDisposeScope();
                _ = classifier.PredictEncoded(condition, sampling);
            }
        ));
        Console.WriteLine(FormattableString.Invariant($"  sampling adds {100 * times[1] / times[0]:F1} % to the encoder"));
    }
}
