using Tweedie.Images;
using Tweedie.Tensors;

namespace Tweedie.Tests.Data.Transforms;

public sealed class RandomErasingTests
{
    private const float Kept = 100;

    private static readonly ErasingOptions _always = new() { Probability = 1 };

    [Theory]
    [InlineData(224, 0.176986, 96.879, 95.343, 63.405, 64.786)]
    [InlineData(64, 0.176421, 27.467, 27.378, 18.227, 18.452)]
    public void Blocks_are_distributed_as_those_of_timm(int size, double area, double height, double width, double top, double left)
    {
        // The reference's own 20,000 draws at probability 0.25 gave about 4,900 blocks, so its standard errors dominate.
        var shape = new ImageShape(1, size, size);
        var random = new SampleRandom(size);
        var erasing = new RandomErasing(_always with { Mode = ErasingMode.Const });
        var blocks = Enumerable.Range(0, 4000).Select(_ => Block(erasing, shape, random)!.Value).ToArray();

        Close(block => (double)block.Width * block.Height / (size * size), area);
        Close(block => block.Height, height);
        Close(block => block.Width, width);
        Close(block => block.Top, top);
        Close(block => block.Left, left);

        void Close(Func<CropBox, double> statistic, double expected)
        {
            var values = blocks.Select(statistic).ToArray();
            var variance = values.Average(x => x * x) - Math.Pow(values.Average(), 2);
            values.Average(x => (double)x).Should().BeApproximately(expected, 4 * Math.Sqrt(variance / blocks.Length + variance / 4900));
        }
    }

    [Fact]
    public void Images_are_changed_as_often_as_asked()
    {
        var erasing = new RandomErasing(new ErasingOptions());
        var random = new SampleRandom(1);
        Enumerable.Range(0, 4000).Count(_ => Block(erasing, new ImageShape(1, 16, 16), random) is not null)
            .Should().BeInRange(860, 1140); // 5 standard deviations
    }

    [Fact]
    public void Pixel_mode_draws_each_value()
    {
        var values = Erased(new RandomErasing(_always), new ImageShape(3, 100, 100));

        values.Average(x => (double)x).Should().BeApproximately(0, 5 / Math.Sqrt(values.Count));
        values.Average(x => (double)x * x).Should().BeApproximately(1, 5 * Math.Sqrt(2.0 / values.Count));
        values.Distinct().Should().HaveCountGreaterThan(values.Count * 99 / 100);
    }

    [Fact]
    public void Random_mode_draws_one_colour() =>
        Erased(new RandomErasing(_always with { Mode = ErasingMode.Random }), new ImageShape(3, 50, 50)).Distinct().Should().HaveCount(3);

    [Fact]
    public void Const_mode_leaves_zeros() =>
        Erased(new RandomErasing(_always with { Mode = ErasingMode.Const }), new ImageShape(3, 50, 50)).Distinct().Should().Equal(0);

    [Fact]
    public void Several_blocks_share_the_area()
    {
        var shape = new ImageShape(1, 100, 100);
        var options = _always with { Mode = ErasingMode.Random, Count = 3, MinArea = 0.3, MaxArea = 0.3 };
        var colours = new HashSet<int>();
        for (var seed = 0; seed < 60; seed++)
        {
            var values = Erased(new RandomErasing(options), shape, seed);
            values.Count.Should().BeLessThan(3150);
            colours.Add(values.Distinct().Count());
        }

        colours.Should().BeEquivalentTo([1, 2, 3]);
    }

    [Fact]
    public void The_loader_erases_after_normalization_and_reproducibly()
    {
        var options = new ImageLoaderOptions { BatchSize = 20, Workers = 0, Erasing = new RandomErasing(_always) };
        float[] Values(ImageLoaderOptions options, int epoch)
        {
            var loader = new ImageLoader(new ShapeSource(20, 16), new Compose(), Normalization.Default(3), options);
            using var batch = loader.Epoch(epoch).Single();
            return batch.Tensors().Images.data<float>().ToArray();
        }

        var plain = Values(options with { Erasing = null }, 0);
        var erased = Values(options, 0);
        plain.Should().OnlyContain(value => value >= -1 && value <= 1);
        erased.Should().Contain(value => value > 1.5f);
        plain.Zip(erased).Count(pair => pair.First != pair.Second).Should().BeInRange(plain.Length / 10, plain.Length / 4);
        Values(options with { Workers = 2 }, 0).Should().Equal(erased);
        Values(options, 1).Should().NotEqual(erased);
    }

    [Fact]
    public void Values_that_do_not_fit_the_shape_are_refused() =>
        FluentActions.Invoking(() => new RandomErasing(_always).Apply(new float[5], new ImageShape(1, 2, 3), new SampleRandom(0)))
            .Should().Throw<ArgumentException>();

    private static float[] Apply(RandomErasing erasing, ImageShape shape, SampleRandom random)
    {
        var image = new float[shape.Length];
        Array.Fill(image, Kept);
        erasing.Apply(image, shape, random);
        return image;
    }

    private static List<float> Erased(RandomErasing erasing, ImageShape shape, int seed = 3) =>
        [.. Apply(erasing, shape, new SampleRandom(seed)).Where(value => value != Kept)];

    /// <summary>Finds the erased block of an image of one channel; null if nothing is erased.</summary>
    private static CropBox? Block(RandomErasing erasing, ImageShape shape, SampleRandom random)
    {
        var image = Apply(erasing, shape, random).AsSpan();
        var (first, last) = (image.IndexOfAnyExcept(Kept), image.LastIndexOfAnyExcept(Kept));
        if (first < 0)
            return null;
        var (top, left) = (first / shape.Width, first % shape.Width);
        return new CropBox(left, top, last % shape.Width - left + 1, last / shape.Width - top + 1);
    }
}
