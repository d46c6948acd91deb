using System.Diagnostics;
using Tweedie.Images;
using Tweedie.Models;
using Tweedie.Networks;
using Tweedie.Platform;
using Tweedie.Tensors;
using static TorchSharp.torch;

namespace Tweedie.Bench;

/// <summary>
/// Shows where the time of a training step goes: ViT-B/16 by one-hot diffusion, the recipe's bf16, images of 500 x 375 pixels through the recipe's
/// transforms. Steps on a batch made in advance and steps on the loader's batches take turns. Prints when the steps ran, for a sampling profiler.
/// </summary>
internal static class StepProfile
{
    private const int BatchSize = 16;
    private const int Rounds = 3;
    private static readonly Normalization Normalization = new([0.485f, 0.456f, 0.406f], [0.229f, 0.224f, 0.225f]);

    public static void Run()
    {
        NativeHeap.KeepFreedMemory(); // as the command line does
        var folder = Directory.CreateTempSubdirectory("tweedie-bench-");
        try
        {
            Photographs.Make(folder.FullName, 2 * BatchSize);
            Profile(Loader(folder.FullName));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Profile(ImageLoader loader)
    {
        using var real = new BenchStep(new ClassifierOptions());
        // As many layers, 12 wide, on one image of one patch: this shows what calls, autograd and .NET cost, whatever the sizes.
        var small = new VisionTransformerOptions { ImageSize = 16, Width = 12 };
        using var tiny = new BenchStep(new ClassifierOptions { Encoder = small, Denoiser = new DenoiserOptions { Width = 12 } });
        using var pixels = randn(1, 3, 16, 16);
        using var batches = Endless(loader).GetEnumerator();
        batches.MoveNext();
        using var ready = batches.Current;
        real.Take(ready.Tensors().Images); // warm up
        for (var i = 0; i < 100; i++)
            tiny.Take(pixels);

        var waited = new List<double>();
        var start = Stopwatch.GetTimestamp();
        Contest.RunWarm($"Training step, ViT-B/16, {BatchSize} images, bf16", Rounds,
            ("batch made in advance", () => real.Take(ready.Tensors().Images)),
            ("batch from the loader", () =>
            {
                var watch = Stopwatch.StartNew();
                batches.MoveNext();
                waited.Add(watch.Elapsed.TotalMilliseconds);
                using var batch = batches.Current;
                real.Take(batch.Tensors().Images);
            }
        ),
            ("the same calls on next to nothing", () => tiny.Take(pixels)));
        var seconds = (Start: start / (double)Stopwatch.Frequency, End: Stopwatch.GetTimestamp() / (double)Stopwatch.Frequency);
        Console.WriteLine(FormattableString.Invariant($"  median wait for a batch: {waited.Order().ElementAt(Rounds / 2):F2} ms"));
        Console.WriteLine(FormattableString.Invariant($"  to select the steps in a profile by the monotonic clock: --time {seconds.Start:F6},{seconds.End:F6}"));
    }

    private static IEnumerable<ImageBatch> Endless(ImageLoader loader)
    {
        for (var epoch = 0; ; epoch++)
        {
            foreach (var batch in loader.Epoch(epoch))
                yield return batch;
        }
    }

    private static ImageLoader Loader(string folder)
    {
        var augment = new AugmentOptions { RandomResizedCrop = new(), Flip = true, RandAugment = "rand-m9-mstd0.5-inc1" };
        return new ImageLoader(new ImageFolderSource(folder), ImageTransforms.ForTraining(224, augment, Normalization), Normalization, new ImageLoaderOptions
        {
            BatchSize = BatchSize,
            Shuffle = true,
            DropLast = true,
            Workers = 2,
            Allocate = TensorBatchMemory.Allocate,
            Erasing = new RandomErasing(new() { Probability = 0.25 }),
        });
    }
}
