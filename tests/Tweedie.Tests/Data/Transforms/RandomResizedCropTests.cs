using System.Text.Json;
using CsCheck;
using Tweedie.Images;

namespace Tweedie.Tests.Data.Transforms;

public sealed class RandomResizedCropTests
{
    [Fact]
    public void Crops_and_their_pixels_equal_those_of_torchvision()
    {
        var folder = Shared.Path("fixtures/pil-resize");
        var cases = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "index.json"))).RootElement.EnumerateArray()
            .Where(entry => entry.GetProperty("kind").GetString() == "crop_then_resize"
                && entry.GetProperty("resample").GetString() == "bicubic").ToArray();

        foreach (var entry in cases)
        {
            var input = ImageDecoder.DecodeFile(Path.Combine(folder, entry.GetProperty("input").GetString()!));
            var expected = ImageDecoder.DecodeFile(Path.Combine(folder, entry.GetProperty("output").GetString()!));
            int Number(string key) => entry.GetProperty(key).GetInt32();
            var box = new CropBox(Number("j"), Number("i"), Number("w"), Number("h"));

            AntialiasedResize.Apply(input.Crop(box), Number("size"), Number("size")).Pixels.ToArray()
                .Should().Equal(expected.Pixels.ToArray(), entry.GetProperty("case").GetString()!);
        }

        cases.Should().NotBeEmpty();
    }

    [Fact]
    public void A_part_lies_in_the_image_and_has_an_allowed_area_and_shape()
    {
        var crop = new RandomResizedCrop(8);
        Gen.Select(Gen.Int[20, 300], Gen.Int[20, 300], Gen.Int).Sample((width, height, seed) =>
        {
            var box = crop.DrawBox(width, height, new SampleRandom(seed));

            box.Left.Should().BeInRange(0, width - box.Width);
            box.Top.Should().BeInRange(0, height - box.Height);
            ((box.Width + 0.5) / (box.Height - 0.5)).Should().BeGreaterThan(3.0 / 4);
            ((box.Width - 0.5) / (box.Height + 0.5)).Should().BeLessThan(4.0 / 3);
            ((box.Width + 0.5) * (box.Height + 0.5)).Should().BeGreaterThan(0.08 * width * height);
        }, iter: 300);
    }

    [Fact]
    public void Areas_and_places_are_uniform()
    {
        // A part of at most a fifth always fits, so nothing is drawn again.
        var crop = new RandomResizedCrop(8, new RandomResizedCropOptions { MaxArea = 0.2 });
        var random = new SampleRandom(4);
        var boxes = Enumerable.Range(0, 10_000).Select(_ => crop.DrawBox(1000, 1000, random)).ToArray();

        boxes.Average(box => box.Width * box.Height / 1e6).Should().BeApproximately(0.14, 0.002); // 5 standard errors
        boxes.Average(box => Math.Log((double)box.Width / box.Height)).Should().BeApproximately(0, 0.009);
        boxes.Average(box => box.Left / (1000.0 - box.Width)).Should().BeApproximately(0.5, 0.015);
        boxes.Average(box => box.Top / (1000.0 - box.Height)).Should().BeApproximately(0.5, 0.015);
    }

    [Theory]
    [InlineData(1000, 10, 493, 0, 13, 10)]
    [InlineData(10, 1000, 0, 493, 10, 13)]
    public void Where_no_part_fits_the_middle_is_taken(int width, int height, int left, int top, int boxWidth, int boxHeight)
    {
        // The whole image is so long that its ratio is never 3:4 to 4:3.
        var crop = new RandomResizedCrop(8, new RandomResizedCropOptions { MinArea = 1 });
        crop.DrawBox(width, height, new SampleRandom(1)).Should().Be(new CropBox(left, top, boxWidth, boxHeight));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 40)]
    [InlineData(30, 17)]
    public void Any_image_becomes_the_square_asked_for(int width, int height)
    {
        for (var seed = 0; seed < 20; seed++)
        {
            new RandomResizedCrop(8).Apply(Encoded.Pattern(width, height, 3), new SampleRandom(seed)).Shape
                .Should().Be(new ImageShape(3, 8, 8));
        }
    }
}
