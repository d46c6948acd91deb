using System.Text.Json;
using Tweedie.Formats;
using Tweedie.Images;
using static TorchSharp.torch;

namespace Tweedie.Tests.Data;

public sealed class ResizeCropTests
{
    [Fact]
    public void An_image_that_fits_is_left_alone()
    {
        var image = Encoded.Pattern(8, 8, 3);
        Resize(image, 8).Should().BeSameAs(image);
    }

    [Theory]
    [InlineData(10, 20)]
    [InlineData(20, 10)]
    [InlineData(3, 3)]
    [InlineData(1, 9)]
    public void Any_size_becomes_the_square_asked_for(int width, int height) =>
        Resize(Encoded.Pattern(width, height, 1), 8).Shape.Should().Be(new ImageShape(1, 8, 8));

    [Theory]
    [InlineData(5)]
    [InlineData(16)]
    public void One_colour_stays_one_colour(int size) =>
        Resize(Encoded.Plain(9, 9, 3, 128, 255), size).Pixels.ToArray().Should().Equal(Encoded.Plain(size, size, 3, 128, 255).Pixels.ToArray());

    [Fact]
    public void The_crop_ratio_cuts_the_border_away()
    {
        var image = Encoded.Pattern(8, 8, 1);
        new ResizeCrop(4, cropRatio: 0.5).Apply(image, new SampleRandom(0)).Pixels.ToArray()
            .Should().Equal(Enumerable.Range(2, 4).SelectMany(y => image.Pixels[(8 * y + 2)..(8 * y + 6)].ToArray()));
    }

    [Theory]
    [InlineData(Interpolation.Bicubic)]
    [InlineData(Interpolation.Bilinear)]
    public void Pixels_equal_those_of_Pillow_and_torchvision(Interpolation interpolation)
    {
        var folder = Shared.Path("fixtures/pil-resize");
        var cases = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "index.json"))).RootElement.EnumerateArray()
            .Where(entry => entry.TryGetProperty("resample", out var resample) && string.Equals(resample.GetString(), $"{interpolation}", StringComparison.OrdinalIgnoreCase)).ToArray();
        var checkedCases = 0;

        foreach (var entry in cases)
        {
            var input = ImageDecoder.DecodeFile(Path.Combine(folder, entry.GetProperty("input").GetString()!));
            var expected = ImageDecoder.DecodeFile(Path.Combine(folder, entry.GetProperty("output").GetString()!));
            var actual = entry.GetProperty("kind").GetString() switch
            {
                "resize_to" => AntialiasedResize.Apply(input, expected.Width, expected.Height, new CropBox(0, 0, expected.Width, expected.Height), interpolation),
                "resize_shorter_side_then_center_crop" when Number(entry, "crop") <= Number(entry, "resize") =>
                    Crop(input, Number(entry, "resize"), Number(entry, "crop"), interpolation),
                _ => null,
            };
            if (actual is null)
                continue;
            checkedCases++;
            actual.ShouldEqual(expected, entry.GetProperty("case").GetString()!);
        }

        Assert.SkipWhen(cases.Length == 0, $"the fixture has no {interpolation} cases");
        checkedCases.Should().BePositive();
    }

    [Theory]
    [InlineData(8)]
    [InlineData(50)]
    public void Grey_pixels_are_those_of_a_grey_colour_image(int size)
    {
        var grey = Encoded.Pattern(31, 23, 1);
        var colour = new RasterImage(31, 23, 3, [.. grey.Pixels.ToArray().SelectMany(value => new[] { value, value, value })]);
        Resize(colour, size).Pixels.ToArray().Should().Equal(Resize(grey, size).Pixels.ToArray().SelectMany(value => new[] { value, value, value }));
    }

    [Fact]
    public void Network_input_equals_that_of_timm_in_evaluation()
    {
        const string prefix = "timm_eval_";
        using var scope = NewDisposeScope();
        var expected = SafeTensors.Load(Shared.Path("fixtures/pil-resize/tensors.safetensors")).Where(pair => pair.Key.StartsWith(prefix, StringComparison.Ordinal)).ToList();

        expected.Should().NotBeEmpty();
        foreach (var (key, values) in expected)
        {
            var (name, size) = (key[prefix.Length..], (int)values.shape[1]);
            var image = ImageDecoder.DecodeFile(Shared.Path($"fixtures/pil-resize/in_{name}.png"));
            var actual = new float[values.numel()];
            new Normalization([0.485f, 0.456f, 0.406f], [0.229f, 0.224f, 0.225f])
                .Apply(new ResizeCrop(size, cropRatio: 0.875).Apply(image, new SampleRandom(0)), actual);

            tensor(actual).view(values.shape).ShouldBeWithin(1e-6, values);
        }
    }

    private static int Number(JsonElement entry, string key) => entry.GetProperty(key).GetInt32();

    [Fact]
    public void Stretching_shows_all_of_the_image_out_of_proportion()
    {
        var image = Encoded.Pattern(12, 8, 3);

        new ResizeCrop(6, fit: ImageFit.Stretch).Apply(image, new SampleRandom(0)).ShouldEqual(AntialiasedResize.Apply(image, 6, 6), "both sides are resized");
        new ResizeCrop(4, 0.5, ImageFit.Stretch).Apply(image, new SampleRandom(0)).ShouldEqual(
            AntialiasedResize.Apply(image, 8, 8).Crop(new CropBox(2, 2, 4, 4)), "the centre of the stretched image is cut out");
    }

    private static RasterImage Crop(RasterImage image, int resize, int crop, Interpolation interpolation) =>
        new ResizeCrop(crop, crop / (resize + 0.5), interpolation: interpolation).Apply(image, new SampleRandom(0));

    private static RasterImage Resize(RasterImage image, int size) => new ResizeCrop(size).Apply(image, new SampleRandom(0));
}
