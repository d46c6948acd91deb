using Tweedie.Images;
using Tweedie.Platform;

namespace Tweedie.Bench;

/// <summary>
/// Images per second of processor time for the ImageNet recipe: decode, random resized crop to 224, flip, RandAugment, normalized tensor, random
/// erasing, from JPEGs of 500 x 375 pixels made at the start. Pillow takes turns with the same work where it is installed.
/// </summary>
internal static class TransformsBenchmark
{
    private const int Images = 48;
    private const int Repeats = 3;
    private const int Rounds = 5;

    public static void Run()
    {
        var folder = Directory.CreateTempSubdirectory("tweedie-bench-");
        try
        {
            Photographs.Make(folder.FullName, Images);
            var source = new ImageFolderSource(folder.FullName);
            var full = new AugmentOptions { RandomResizedCrop = new(), Flip = true, RandAugment = "rand-m9-mstd0.5-inc1", Erasing = new() { Probability = 0.25 } };
            var ways = new (string Name, Func<double> ImagesPerSecond)[]
            {
                ("Tweedie, all transforms", Loader(source, full)),
                ("  decode and crop alone", Loader(source, new AugmentOptions { RandomResizedCrop = new() })),
                ("  decode alone", () => Decode(source)),
                ("Pillow, all transforms", () => PythonPeer.Run("pillow_transforms.py", folder.FullName, $"{Repeats}", "all")),
                ("  decode alone", () => PythonPeer.Run("pillow_transforms.py", folder.FullName, $"{Repeats}", "decode")),
            };
            Print(ways, Loader(source, full));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Print((string Name, Func<double> ImagesPerSecond)[] ways, Func<double> full)
    {
        var rates = ways.Select(_ => new List<double>()).ToArray();
        for (var round = 0; round < Rounds; round++)
            for (var way = 0; way < ways.Length; way++)
                rates[way].Add(ways[way].ImagesPerSecond());
        full();
        var (allocated, collections) = (GC.GetAllocatedBytesForCurrentThread(), GC.CollectionCount(0));
        full();
        Console.WriteLine($"transforms; medians of {Rounds} rounds in turns; {HostInfo.Read().Processor}");
        for (var way = 0; way < ways.Length; way++)
            Console.WriteLine(FormattableString.Invariant($"  {ways[way].Name,-26} {Median(rates[way]),7:F0} images per CPU second"));
        Console.WriteLine(FormattableString.Invariant($"  Tweedie / Pillow           {Median(rates[0].Zip(rates[3], (ours, theirs) => ours / theirs)),7:F2}"));
        Console.WriteLine(FormattableString.Invariant(
            $"  allocated per image        {(GC.GetAllocatedBytesForCurrentThread() - allocated) / 1024.0 / (Images * Repeats),7:F1} KiB on the managed heap (a tensor has 588), {GC.CollectionCount(0) - collections} collections"));
    }

    private static Func<double> Loader(ImageFolderSource source, AugmentOptions augment)
    {
        var normalization = new Normalization([0.485f, 0.456f, 0.406f], [0.229f, 0.224f, 0.225f]);
        var loader = new ImageLoader(source, ImageTransforms.ForTraining(224, augment, normalization), normalization, new ImageLoaderOptions
        {
            BatchSize = Images,
            Workers = 0,
            Erasing = augment.Erasing is { } erasing ? new RandomErasing(erasing) : null,
        });
        var epoch = 0;
        return () =>
        {
            var start = Environment.CpuUsage.TotalTime;
            for (var repeat = 0; repeat < Repeats; repeat++)
            {
                foreach (var batch in loader.Epoch(epoch++))
                    batch.Dispose();
            }

            return Images * Repeats / (Environment.CpuUsage.TotalTime - start).TotalSeconds;
        };
    }

    private static double Decode(ImageFolderSource source)
    {
        var start = Environment.CpuUsage.TotalTime;
        for (var i = 0; i < Images * Repeats; i++)
            source.Read(i % Images);
        return Images * Repeats / (Environment.CpuUsage.TotalTime - start).TotalSeconds;
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }
}
