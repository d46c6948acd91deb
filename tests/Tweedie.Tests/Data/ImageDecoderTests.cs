using NetVips;
using Tweedie.Data;

namespace Tweedie.Tests.Data;

public sealed class ImageDecoderTests
{
    [Theory]
    [InlineData(".png")]
    [InlineData(".tif")]
    [InlineData(".webp[lossless=true]")]
    public void Lossless_formats_decode_to_the_same_pixels(string suffix)
    {
        var image = Encoded.Pattern(7, 5, 3);
        ImageDecoder.Decode(Encoded.Image(image, suffix), "x").Should().BeEquivalentTo(image);
    }

    [Theory]
    [InlineData(".jpg[Q=95]")]
    [InlineData(".gif")]
    public void Lossy_formats_decode_to_about_the_same_colour(string suffix)
    {
        var decoded = ImageDecoder.Decode(Encoded.Image(Encoded.Plain(16, 8, 200, 100, 50), suffix), "x");

        decoded.Shape.Should().Be(new ImageShape(3, 8, 16));
        decoded.Pixels.Chunk(3)
            .Should().OnlyContain(pixel => Math.Abs(pixel[0] - 200) < 8 && Math.Abs(pixel[1] - 100) < 8 && Math.Abs(pixel[2] - 50) < 8);
    }

    [Fact]
    public void Grey_files_become_colour_and_colour_becomes_luma()
    {
        ImageDecoder.Decode(Encoded.Image(Encoded.Plain(2, 2, 77), ".png"), "x").Pixels.Should().AllBeEquivalentTo(77).And.HaveCount(12);
        ImageDecoder.Decode(Encoded.Image(Encoded.Plain(2, 2, 77), ".png"), "x", channels: 1).Pixels
            .Should().AllBeEquivalentTo(77).And.HaveCount(4);
        ImageDecoder.Decode(Encoded.Image(Encoded.Plain(1, 1, 200, 100, 50), ".png"), "x", channels: 1).Pixels
            .Should().Equal(124); // 0.299 R + 0.587 G + 0.114 B = 124.2
    }

    [Fact]
    public void The_exif_orientation_is_applied()
    {
        // Orientation 6: the camera was turned, the picture is shown turned clockwise by a quarter.
        var stored = Encoded.Image(Encoded.Pattern(4, 3, 3), ".tif",
            image => image.Mutate(change => change.Set(GValue.GIntType, "orientation", 6)));
        var shown = ImageDecoder.Decode(stored, "x");

        shown.Shape.Should().Be(new ImageShape(3, 4, 3));
        shown.Pixels[..3]
            .Should().Equal(Encoded.Pattern(4, 3, 3).Pixels[(2 * 12)..(2 * 12 + 3)]); // the lower left corner came to the upper left
    }

    [Fact]
    public void Transparency_is_flattened_onto_white()
    {
        var halfRed = Encoded.Image(Encoded.Plain(1, 1, 255, 0, 0), ".png", image => image.Bandjoin(51)); // a fifth opaque
        ImageDecoder.Decode(halfRed, "x").Pixels.Should().Equal(255, 204, 204);
    }

    [Fact]
    public void Sixteen_bits_are_reduced_to_eight()
    {
        var deep = Encoded.Image(Encoded.Plain(2, 1, 10, 20, 30), ".png", image => image.Colourspace(Enums.Interpretation.Rgb16));
        ImageDecoder.Decode(deep, "x").Pixels.Should().Equal(10, 20, 30, 10, 20, 30);
    }

    [Fact]
    public void Damaged_images_are_named()
    {
        var jpeg = Encoded.Image(Encoded.Pattern(64, 64, 3), ".jpg");
        var png = Encoded.Image(Encoded.Pattern(64, 64, 3), ".png");
        var damaged = new Dictionary<string, byte[]>
        {
            ["empty.jpg"] = [],
            ["text.jpg"] = "this is a text file"u8.ToArray(),
            ["half.jpg"] = jpeg[..(jpeg.Length / 2)],
            ["header.jpg"] = jpeg[..30],
            ["half.png"] = png[..(png.Length / 2)],
        };

        foreach (var (name, bytes) in damaged)
        {
            FluentActions.Invoking(() => ImageDecoder.Decode(bytes, name)).Should().Throw<TweedieException>()
                .Which.Message.Should().StartWith($"'{name}' cannot be read as an image: ").And.NotContain("\n");
        }
    }

    [Fact]
    public void A_missing_file_is_named() =>
        FluentActions.Invoking(() => ImageDecoder.DecodeFile("no-such.png"))
            .Should().Throw<TweedieException>().WithMessage("'no-such.png' cannot be read*");
}
