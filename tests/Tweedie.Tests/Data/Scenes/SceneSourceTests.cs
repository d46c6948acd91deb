using Tweedie.Images;

namespace Tweedie.Tests.Data.Scenes;

public sealed class SceneSourceTests
{
    [Fact]
    public void An_image_and_its_captions_are_a_function_of_seed_and_index()
    {
        var source = new SceneSource(50, 32, seed: 3, phrasings: 4);
        var longer = new SceneSource(1000, 32, seed: 3, phrasings: 4);

        source.Read(41).Pixels.ToArray().Should().Equal(longer.Read(41).Pixels.ToArray());
        source.GetCaptions(41).Should().Equal(longer.GetCaptions(41));
        source.Read(41).Pixels.ToArray().Should().NotEqual(new SceneSource(50, 32, seed: 4).Read(41).Pixels.ToArray());
    }

    [Fact]
    public void All_captions_of_an_image_mean_what_it_shows()
    {
        var source = new SceneSource(200, phrasings: SceneSource.MaximumPhrasings);

        for (var index = 0; index < source.Count; index++)
            source.GetCaptions(index).Should().HaveCount(4)
                .And.AllSatisfy(caption => SceneParser.Parse(caption).Should().Be(source.GetScene(index)));
    }

    [Fact]
    public void Each_shape_lies_in_its_quarter_in_its_colour()
    {
        const int size = 32;
        var source = new SceneSource(300, size);
        for (var index = 0; index < source.Count; index++)
        {
            var bright = Enumerable.Range(0, 4).Select(place => Brightest(source.Read(index), size, place)).ToList();
            foreach (var item in source.GetScene(index).Objects)
                NearestColor(bright[(int)item.Place]).Should().Be(item.Color, $"of {source.GetCaptions(index)[0]} (image {index})");
            foreach (var place in Enumerable.Range(0, 4).Except(source.GetScene(index).Objects.Select(item => (int)item.Place)))
                bright[place].Max().Should().BeLessThan(120, "the ground is dark");
        }
    }

    [Fact]
    public void Large_shapes_cover_more_than_small_ones()
    {
        var source = new SceneSource(500);
        var covered = new Dictionary<(string Shape, SceneSize Size), List<int>>();
        for (var index = 0; index < source.Count; index++)
            foreach (var item in source.GetScene(index).Objects)
            {
                if (!covered.TryGetValue((item.Shape, item.Size), out var list))
                    covered[(item.Shape, item.Size)] = list = [];
                list.Add(Quarter(source.Read(index), 32, (int)item.Place).Count(pixel => pixel.Max() > 120));
            }

        foreach (var shape in Scene.Shapes)
            covered[(shape, SceneSize.Large)].Min().Should().BeGreaterThan(covered[(shape, SceneSize.Small)].Max(), shape);
    }

    [Fact]
    public void Training_and_test_images_differ()
    {
        var train = CaptionSources.Open("scenes:count=20,test=10,seed=7", DataSplit.Train);
        var test = CaptionSources.Open("scenes:count=20,test=10,seed=7", DataSplit.Test);

        (train.Count, test.Count).Should().Be((20, 10));
        train.Read(0).Pixels.ToArray().Should().NotEqual(test.Read(0).Pixels.ToArray());
    }

    [Theory]
    [InlineData("scenes:count=0", "count", "0")]
    [InlineData("scenes:size=16", "size", "16", "32")]
    [InlineData("scenes:phrasings=9", "phrasings", "9", "4")]
    [InlineData("scenes:color=red", "color", "phrasings")]
    public void A_wrong_setting_is_named(string specification, params string[] words)
    {
        var message = FluentActions.Invoking(() => CaptionSources.Open(specification, DataSplit.Train)).Should().Throw<TweedieException>().Which.Message;

        message.Should().ContainAll([specification, .. words]);
    }

    private static IEnumerable<int[]> Quarter(RasterImage image, int size, int place)
    {
        var (left, top) = (place % 2 * size / 2, place / 2 * size / 2);
        for (var y = top; y < top + size / 2; y++)
            for (var x = left; x < left + size / 2; x++)
                yield return [.. Enumerable.Range(0, 3).Select(channel => (int)image.Pixels[(y * size + x) * 3 + channel])];
    }

    // The mean of the brightest five pixels.
    private static double[] Brightest(RasterImage image, int size, int place)
    {
        var pixels = Quarter(image, size, place).OrderByDescending(pixel => pixel.Max()).Take(5).ToList();
        return [.. Enumerable.Range(0, 3).Select(channel => pixels.Average(pixel => pixel[channel]))];
    }

    private static string NearestColor(double[] pixel) => SceneColor.All.MinBy(color =>
        Math.Pow(color.Rgb.X - pixel[0], 2) + Math.Pow(color.Rgb.Y - pixel[1], 2) + Math.Pow(color.Rgb.Z - pixel[2], 2))!.Name;
}
