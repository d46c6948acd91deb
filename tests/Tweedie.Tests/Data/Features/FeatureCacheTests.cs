using Tweedie.Images;

namespace Tweedie.Tests.Data.Features;

public sealed class FeatureCacheTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly MeanColours _encoder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Features_are_computed_once_whatever_the_image_is_called()
    {
        var source = new ShapeSource(20, 16);
        using (var cache = Open())
            Check(cache.Complete(source), source);
        _encoder.Encoded.Should().Be(20);

        using var again = Open();
        again.Rows.Should().Be(20);
        Check(again.Complete(new SubsetSource(source, [7, 3])), new SubsetSource(source, [7, 3]));
        _encoder.Encoded.Should().Be(20, "the pixels are known");
        again.Complete(new ShapeSource(4, 16, seed: 9));
        _encoder.Encoded.Should().Be(24);
    }

    [Fact]
    public void A_file_that_has_not_changed_is_not_read_again()
    {
        for (var index = 0; index < 6; index++)
            ImageWriter.Save(new ShapeSource(6, 16).Read(index), Directory.CreateDirectory(Path.Combine(_folder.Path, "photos", $"c{index % 2}")).FullName + $"/{index}.png");
        var source = new CountingSource(ImageSources.Open(Path.Combine(_folder.Path, "photos"), DataSplit.Train));
        using (var cache = Open())
            cache.Complete(source);
        source.Reads.Should().Be(6);

        ImageWriter.Save(new ShapeSource(6, 16, seed: 5).Read(0), source.Describe(0));
        using var again = Open();
        var features = again.Complete(source);

        source.Reads.Should().Be(7, "one file has changed");
        _encoder.Encoded.Should().Be(7);
        Check(features, source);
    }

    [Fact]
    public void Rows_of_a_Parquet_file_that_has_not_changed_are_not_read_again()
    {
        var shard = Path.Combine(_folder.Path, "train.parquet");
        Write(seed: 1);
        var source = new CountingSource(CaptionSources.Open(_folder.Path, DataSplit.Train));
        using (var cache = Open())
            cache.Complete(source);
        using (var again = Open())
            Check(again.Complete(source), source);
        source.Reads.Should().Be(6 + 6, "the check reads them too");

        Write(seed: 2);
        var changed = new CountingSource(CaptionSources.Open(_folder.Path, DataSplit.Train));
        using var anew = Open();
        Check(anew.Complete(changed), changed);
        changed.Reads.Should().Be(6 + 6);

        void Write(long seed)
        {
            EnrichedShard.Write(shard, [.. Enumerable.Range(0, 6).Select(i => new EnrichedRow(Encoded.Image(new ShapeSource(6, 16, seed).Read(i), ".png"), "1", $"shape {i}"))], groupSize: 4);
            File.SetLastWriteTimeUtc(shard, DateTime.UnixEpoch.AddDays(seed));
        }
    }

    [Fact]
    public void Views_of_an_image_differ_and_repeat()
    {
        var source = new ShapeSource(3, 32);
        var (first, second) = (new float[6], new float[6]);
        using (var cache = Open())
        {
            var features = cache.Complete(source, new() { Views = 4 });
            _encoder.Encoded.Should().Be(12);
            features.Read(1, 3, first);
            features.Read(1, 2, second);
            first.Should().NotEqual(second);
            features.Read(1, 0, first);
            features.Read(1, 1, second);
            second.Should().Equal([.. first[3..], .. first[..3]], "the mirror image has its halves exchanged");
        }
        using var other = FeatureCache.Open(Path.Combine(_folder.Path, "other"), _encoder);
        using var same = Open();
        same.Complete(source, new() { Views = 4 }).Read(1, 3, first);
        other.Complete(source, new() { Views = 4, Workers = 3 }).Read(1, 3, second);
        second.Should().Equal(first, "a view depends on the pixels and its number alone");
    }

    [Fact]
    public void A_damaged_file_is_found_and_its_features_are_computed_again()
    {
        var source = new ShapeSource(5, 16);
        string file;
        using (var cache = Open())
        {
            cache.Complete(source);
            file = Directory.GetFiles(cache.Folder, "*.features").Single();
        }
        var bytes = File.ReadAllBytes(file);
        foreach (var damage in new Action<byte[]>[] { content => content[40] ^= 1, content => content[^1] ^= 1, content => content[4] ^= 1 })
        {
            var damaged = bytes.ToArray();
            damage(damaged);
            File.WriteAllBytes(file, damaged);
            using var cache = Open();
            cache.Damaged.Should().Be(1);
            Check(cache.Complete(source), source);
        }
        foreach (var path in Directory.GetFiles(Path.GetDirectoryName(file)!, "*.features"))
            File.WriteAllBytes(path, bytes[..(bytes.Length / 2)]);
        using var cut = Open();
        cut.Damaged.Should().BePositive();
        Check(cut.Complete(source), source);
    }

    [Fact]
    public void What_was_computed_before_a_stop_is_kept()
    {
        var source = new ShapeSource(200, 16);
        using var stop = new CancellationTokenSource();
        _encoder.BeforeEncoding = () => { if (_encoder.Encoded >= 60) stop.Cancel(); };
        using (var cache = Open())
        {
            var complete = () => cache.Complete(source, new() { Workers = 1 }, cancellation: stop.Token);
            complete.Should().Throw<OperationCanceledException>();
        }
        var before = _encoder.Encoded;
        before.Should().BeInRange(60, 199);

        _encoder.BeforeEncoding = null;
        using var again = Open();
        Check(again.Complete(source), source);
        _encoder.Encoded.Should().Be(200);
    }

    [Fact]
    public void Another_encoder_has_features_of_its_own()
    {
        using (var cache = Open())
            cache.Complete(new ShapeSource(2, 16));
        using var other = FeatureCache.Open(_folder.Path, new MeanColours { Fingerprint = new string('b', 64) });

        other.Rows.Should().Be(0);
    }

    [Fact]
    public void An_unreadable_image_is_an_error_or_has_no_features()
    {
        var source = new FailingSource(new ShapeSource(10, 16), 4);
        using var cache = Open();
        var strict = () => cache.Complete(source);
        strict.Should().Throw<TweedieException>();

        var features = cache.Complete(source, new() { MaxBadShare = 0.1 });

        features.BadImages.Keys.Should().Equal(4);
        var read = () => features.Read(4, 0, new float[6]);
        read.Should().Throw<TweedieException>();
        features.Read(5, 0, new float[6]);
    }

    [Fact]
    public void Numbers_that_float16_cannot_hold_are_refused()
    {
        using var cache = FeatureCache.Open(_folder.Path, new MeanColours { Scale = 1e6f });
        var complete = () => cache.Complete(new ShapeSource(1, 16));

        complete.Should().Throw<TweedieException>().WithMessage("*float16 cannot hold*");
    }

    [Fact]
    public void A_loader_gives_features_in_the_order_and_with_the_targets_of_images()
    {
        var source = new ShapeSource(24, 16);
        using var cache = Open();
        var options = new ImageLoaderOptions { BatchSize = 8, Shuffle = true, Seed = 3, Workers = 2 };
        var features = cache.Complete(source);
        using var expected = new ImageLoader(source, _encoder.Transform, _encoder.Normalization, options).Epoch(1).First();

        using var batch = new ImageLoader(features, options).Epoch(1).First();

        batch.Shape.Should().Be(new ImageShape(1, 2, 3));
        batch.Indices.Should().Equal(expected.Indices);
        for (var place = 0; place < 8; place++)
        {
            batch.Memory.Targets(place).ToArray().Should().Equal(expected.Memory.Targets(place).ToArray());
            var row = new float[6];
            features.Read(batch.Indices[place], 0, row);
            batch.Memory.Image(place).ToArray().Should().Equal(row);
        }
    }

    private FeatureCache Open() => FeatureCache.Open(_folder.Path, _encoder);

    private void Check(FeatureSet features, IImageSource source)
    {
        var (expected, actual) = (new float[6], new float[6]);
        for (var index = 0; index < source.Count; index++)
        {
            var values = new float[_encoder.Input.Length];
            _encoder.Normalization.Apply(_encoder.Transform.Apply(source.Read(index), new SampleRandom(0)), values);
            MeanColours.Means(values, expected);
            features.Read(index, 0, actual);
            actual.Should().Equal(expected, (a, b) => Math.Abs(a - b) < 1e-3);
        }
    }

    /// <summary>The mean colour of the left and of the right half of an image: two vectors of length 3.</summary>
    private sealed class MeanColours : IFeatureExtractor
    {
        private const int Size = 16;
        private int _encoded;

        public string Name => "mean colours";

        public string Fingerprint { get; init; } = new('a', 64);

        public float Scale { get; init; } = 1;

        public int Encoded => _encoded;

        public Action? BeforeEncoding { get; set; }

        public ImageShape Input => new(3, Size, Size);

        public IImageTransform Transform { get; } = new ResizeCrop(Size);

        public Normalization Normalization { get; } = Normalization.Default(3);

        public int Tokens => 2;

        public int Width => 3;

        public void Extract(ReadOnlyMemory<float> images, int count, Span<float> features)
        {
            BeforeEncoding?.Invoke();
            Interlocked.Add(ref _encoded, count);
            for (var i = 0; i < count; i++)
                Means(images.Span.Slice(i * Input.Length, Input.Length), features.Slice(6 * i, 6));
            foreach (ref var value in features)
                value *= Scale;
        }

        public static void Means(ReadOnlySpan<float> image, Span<float> means)
        {
            means.Clear();
            for (var i = 0; i < image.Length; i++)
                means[(i % Size < Size / 2 ? 0 : 3) + i / (Size * Size)] += image[i] / (Size * Size / 2);
        }

        public void Dispose() { }
    }
}
