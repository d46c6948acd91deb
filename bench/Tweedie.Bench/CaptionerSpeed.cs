using Tweedie.Images;
using Tweedie.Models;
using Tweedie.Onnx;
using Tweedie.Platform;
using static TorchSharp.torch;

namespace Tweedie.Bench;

/// <summary>
/// Captions photographs with trained models, each as its config says it is sampled: one image at a time and 32 together, with weights in single precision and in
/// bfloat16. Images are encoded before. Name an autoregressive model first: the others are compared with it.
/// </summary>
internal static class CaptionerSpeed
{
    private const int Rounds = 7;

    public static void Run(IReadOnlyList<string> arguments)
    {
        if (arguments is not [var data, _, ..])
            throw new TweedieException("captioners DATA MODEL...: name a data set and the folders of trained captioners.");
        OnnxEncoder.Register();
        var source = CaptionSources.Open(data, DataSplit.Test);
        foreach (var precision in new[] { Precision.F32, Precision.Bf16 })
        {
            var captioners = arguments.Skip(1).Select(folder => (Name: Path.GetFileName(Path.TrimEndingDirectorySeparator(folder)), Model: ImageCaptioner.Load(folder, precision: precision))).ToList();
            foreach (var items in new[] { 1, 32 })
                Compare(source, captioners, items, precision);
            captioners.ForEach(captioner => captioner.Model.Dispose());
        }
    }

    private static void Compare(IImageSource source, List<(string Name, ImageCaptioner Model)> captioners, int items, Precision precision)
    {
        using var scope = NewDisposeScope();
        var ways = captioners.Select(captioner =>
        {
            var images = Enumerable.Range(0, items).Select(index => source.Read(index)).ToList();
            var condition = captioner.Model.Encode(captioner.Model.Prepare(images));
            return (captioner.Name, (Action)(() => captioner.Model.Caption(condition)));
        });
        var times = Contest.Run($"{items} {(items == 1 ? "caption" : "captions")} at a time, {precision.ToString().ToLowerInvariant()}", Rounds, [.. ways]);
        foreach (var (captioner, milliseconds) in captioners.Zip(times))
            Console.WriteLine(FormattableString.Invariant($"  {captioner.Name,-36} {1000 * items / milliseconds,10:F1} captions per second of a processor"));
    }
}
