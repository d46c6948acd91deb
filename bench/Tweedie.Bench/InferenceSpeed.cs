using Tweedie.Images;
using Tweedie.Models;
using Tweedie.Onnx;
using Tweedie.Platform;
using Tweedie.Text;
using static TorchSharp.torch;

namespace Tweedie.Bench;

/// <summary>
/// Exported models beside the same models in libtorch, on one thread each: a ViT-Ti classifier of 224-pixel images with its encoder, and a captioner of 24 words of
/// 8,000 from encoded images; one image at a time and 32 together. Weights are untrained, which changes no time.
/// </summary>
internal static class InferenceSpeed
{
    private const int Rounds = 7;

    public static void Run()
    {
        NativeHeap.KeepFreedMemory(); // as the command line does
        var root = Directory.CreateTempSubdirectory("tweedie-bench-");
        try
        {
            Classifiers(root.FullName);
            Captioners(root.FullName);
        }
        finally
        {
            root.Delete(recursive: true);
        }
    }

    private static void Classifiers(string root)
    {
        var options = new ClassifierOptions
        {
            ClassNames = [.. Enumerable.Range(0, 1000).Select(label => $"class {label}")],
            Encoder = new() { Width = 192, Depth = 12, Heads = 3 },
            Denoiser = new() { Width = 192, Depth = 3, Heads = 3 },
            Mean = [0.5, 0.5, 0.5],
            Std = [0.5, 0.5, 0.5],
        };
        var folder = Path.Combine(root, "classifier");
        using (var model = new ImageClassifier(options, TokenNetwork.Create(options, options.ClassNames.Count)))
            model.Save(folder);
        var ways = Ways(root, folder, (precision, images) =>
        {
            var classifier = ImageClassifier.Load(folder, precision: precision);
            var prepared = classifier.Prepare(images);
            return (classifier, () => classifier.Predict(prepared).Dispose());
        }, (exported, images) =>
        {
            var classifier = OnnxClassifier.Load(exported);
            var prepared = classifier.Model.Prepare(images);
            return (classifier, () => _ = classifier.Predict(classifier.Model.Encode(prepared, images.Count)));
        });
        Compare("classifications in 20 steps, encoder included", ways);
    }

    private static void Captioners(string root)
    {
        var options = new CaptionerOptions
        {
            Tokens = 24,
            Encoder = new() { ImageSize = 64, PatchSize = 8, Width = 256, Depth = 1, Heads = 4 },
            Denoiser = new() { Width = 256, Depth = 4, Heads = 4 },
            Sampling = new() { Steps = 20 },
            Mean = [0.5, 0.5, 0.5],
            Std = [0.5, 0.5, 0.5],
        };
        var tokenizer = WordTokenizer.Build([string.Join(' ', Enumerable.Range(0, 8000).Select(word => $"word{word}"))], minimumCount: 1);
        var folder = Path.Combine(root, "captioner");
        using (var model = new ImageCaptioner(options, TokenNetwork.Create(options, tokenizer.VocabularySize), tokenizer))
            model.Save(folder);
        var ways = Ways(root, folder, (precision, images) =>
        {
            var captioner = ImageCaptioner.Load(folder, precision: precision);
            var condition = captioner.Encode(captioner.Prepare(images));
            return (captioner, () => captioner.Caption(condition));
        }, (exported, images) =>
        {
            var captioner = OnnxCaptioner.Load(exported);
            var condition = captioner.Encode(images);
            return (captioner, () => captioner.Caption(condition));
        });
        Compare("captions of 24 words in 20 steps", ways);
    }

    private static List<(string Name, Func<IReadOnlyList<RasterImage>, (IDisposable Model, Action Run)> Open)> Ways(string root, string folder,
        Func<Precision, IReadOnlyList<RasterImage>, (IDisposable, Action)> libtorch, Func<string, IReadOnlyList<RasterImage>, (IDisposable, Action)> runtime)
    {
        var ways = new List<(string, Func<IReadOnlyList<RasterImage>, (IDisposable, Action)>)>
        {
            ("libtorch, f32", images => libtorch(Precision.F32, images)), ("libtorch, bf16", images => libtorch(Precision.Bf16, images)),
        };
        foreach (var precision in Enum.GetValues<OnnxPrecision>())
        {
            var exported = $"{folder}-{precision}";
            OnnxExport.Export(folder, exported, new() { Precision = precision });
            ways.Add(($"ONNX Runtime, {precision.ToString().ToLowerInvariant()}", images => runtime(exported, images)));
        }
        return ways;
    }

    private static void Compare(string what, List<(string Name, Func<IReadOnlyList<RasterImage>, (IDisposable Model, Action Run)> Open)> ways)
    {
        set_num_threads(1);
        foreach (var items in new[] { 1, 32 })
        {
            using var scope = NewDisposeScope();
            var source = new ShapeSource(1, 64);
            var images = Enumerable.Range(0, items).Select(_ => source.Read(0)).ToList();
            var opened = ways.ConvertAll(way => (way.Name, Opened: way.Open(images)));
            var times = Contest.Run($"{items} at a time: {what}", Rounds, [.. opened.Select(way => (way.Name, way.Opened.Run))]);
            foreach (var (way, milliseconds) in opened.Zip(times))
                Console.WriteLine(FormattableString.Invariant($"  {way.Name,-36} {1000 * items / milliseconds,10:F1} per second of a processor"));
            opened.ForEach(way => way.Opened.Model.Dispose());
        }
    }
}
