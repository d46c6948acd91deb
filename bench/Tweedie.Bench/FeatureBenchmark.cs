using Tweedie.Images;

namespace Tweedie.Bench;

/// <summary>Reads kept features of 1,000 images in random order, beside a copy of as many bytes in memory.</summary>
internal static class FeatureBenchmark
{
    private const int Images = 1000;

    public static void Run()
    {
        var folder = Directory.CreateTempSubdirectory("tweedie-bench-");
        try
        {
            using var extractor = new Ones();
            using var cache = FeatureCache.Open(folder.FullName, extractor);
            var features = cache.Complete(new ShapeSource(Images, 16));
            var row = extractor.Tokens * extractor.Width;
            var (memory, halves, singles) = (new Half[Images * row], new Half[row], new float[row]);
            Array.Fill(memory, (Half)1); // the pages are there
            int[] order = [.. Enumerable.Range(0, Images)];
            new SampleRandom(1).Shuffle<int>(order);
            Contest.Run($"{Images:N0} images of {extractor.Tokens} x {extractor.Width} features ({2.0 * Images * row / 1e6:F0} MB)", rounds: 15,
                ("copied in memory", () => Each(index => memory.AsSpan(index * row, row).CopyTo(halves))),
                ("read from the cache, float16", () => Each(index => features.Read(index, 0, halves))),
                ("read from the cache, float32", () => Each(index => features.Read(index, 0, singles))));

            void Each(Action<int> read)
            {
                foreach (var index in order)
                    read(index);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Gives features of the size of a ResNet-18's map without computing anything.</summary>
    private sealed class Ones : IFeatureExtractor
    {
        public string Name => "ones";

        public string Fingerprint { get; } = new('0', 64);

        public ImageShape Input { get; } = new(3, 16, 16);

        public IImageTransform Transform { get; } = new ResizeCrop(16);

        public Normalization Normalization { get; } = Normalization.Default(3);

        public int Tokens => 49;

        public int Width => 512;

        public void Extract(ReadOnlyMemory<float> images, int count, Span<float> features) => features.Fill(1);

        public void Dispose() { }
    }
}
