using System.Buffers.Binary;
using NetVips;
using Tweedie.Images;

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
        ImageDecoder.Decode(Encoded.Image(image, suffix), "x").ShouldEqual(image);
    }

    [Theory]
    [InlineData(".jpg[Q=95]")]
    [InlineData(".gif")]
    public void Lossy_formats_decode_to_about_the_same_colour(string suffix)
    {
        var decoded = ImageDecoder.Decode(Encoded.Image(Encoded.Plain(16, 8, 200, 100, 50), suffix), "x");

        decoded.Shape.Should().Be(new ImageShape(3, 8, 16));
        decoded.Pixels.ToArray().Chunk(3)
            .Should().OnlyContain(pixel => Math.Abs(pixel[0] - 200) < 8 && Math.Abs(pixel[1] - 100) < 8 && Math.Abs(pixel[2] - 50) < 8);
    }

    [Fact]
    public void Grey_files_become_colour_and_colour_becomes_luma()
    {
        ImageDecoder.Decode(Encoded.Image(Encoded.Plain(2, 2, 77), ".png"), "x").Pixels.ToArray().Should().AllBeEquivalentTo(77).And.HaveCount(12);
        ImageDecoder.Decode(Encoded.Image(Encoded.Plain(2, 2, 77), ".png"), "x", channels: 1).Pixels.ToArray()
            .Should().AllBeEquivalentTo(77).And.HaveCount(4);
        ImageDecoder.Decode(Encoded.Image(Encoded.Plain(1, 1, 200, 100, 50), ".png"), "x", channels: 1).Pixels.ToArray()
            .Should().Equal(124); // 0.299 R + 0.587 G + 0.114 B = 124.2
    }

    [Fact]
    public void The_exif_orientation_is_applied()
    {
        // Orientation 6: the camera was turned, so the picture is shown turned clockwise by a quarter.
        var stored = Encoded.Image(Encoded.Pattern(4, 3, 3), ".tif",
            image => image.Mutate(change => change.Set(GValue.GIntType, "orientation", 6)));
        var shown = ImageDecoder.Decode(stored, "x");

        shown.Shape.Should().Be(new ImageShape(3, 4, 3));
        shown.Pixels[..3].ToArray()
            .Should().Equal(Encoded.Pattern(4, 3, 3).Pixels[(2 * 12)..(2 * 12 + 3)].ToArray()); // the lower left corner came to the upper left
    }

    [Fact]
    public void Transparency_is_flattened_onto_white()
    {
        var halfRed = Encoded.Image(Encoded.Plain(1, 1, 255, 0, 0), ".png", image => image.Bandjoin(51)); // a fifth opaque
        ImageDecoder.Decode(halfRed, "x").Pixels.ToArray().Should().Equal(255, 204, 204);
    }

    [Fact]
    public void Sixteen_bits_are_reduced_to_eight()
    {
        var deep = Encoded.Image(Encoded.Plain(2, 1, 10, 20, 30), ".png", image => image.Colourspace(Enums.Interpretation.Rgb16));
        ImageDecoder.Decode(deep, "x").Pixels.ToArray().Should().Equal(10, 20, 30, 10, 20, 30);
    }

    [Theory]
    [InlineData(".png")]
    [InlineData(".tif")]
    public void Grey_of_sixteen_bits_with_alpha_becomes_three_channels(string suffix)
    {
        var deep = Encoded.Image(Encoded.Plain(2, 1, 51), suffix,
            image => image.Colourspace(Enums.Interpretation.Grey16).Bandjoin(65535).Copy(interpretation: Enums.Interpretation.Grey16));
        ImageDecoder.Decode(deep, "x").Pixels.ToArray().Should().Equal(51, 51, 51, 51, 51, 51);
    }

    [Fact]
    public void Cmyk_becomes_colour()
    {
        var white = Encoded.Image(Encoded.Plain(16, 16, 0, 0, 0, 0), ".jpg[Q=100]", image => image.Copy(interpretation: Enums.Interpretation.Cmyk));
        var cyan = Encoded.Image(Encoded.Plain(16, 16, 255, 0, 0, 0), ".jpg[Q=100]", image => image.Copy(interpretation: Enums.Interpretation.Cmyk));

        ImageDecoder.Decode(white, "x").Pixels.ToArray().Should().HaveCount(768).And.OnlyContain(value => value > 250);
        ImageDecoder.Decode(cyan, "x").Pixels[..3].ToArray().Should().Satisfy(red => red < 60, green => green > 120, blue => blue > 180);
    }

    [Fact]
    public void Animations_show_their_first_frame()
    {
        var frames = new RasterImage(8, 16, 3, [.. Encoded.Plain(8, 8, 250, 0, 0).Pixels, .. Encoded.Plain(8, 8, 0, 0, 250).Pixels]);
        var animated = Encoded.Image(frames, ".gif", image => image.Mutate(change => change.Set(GValue.GIntType, "page-height", 8)));
        var decoded = ImageDecoder.Decode(animated, "x");

        decoded.Shape.Should().Be(new ImageShape(3, 8, 8));
        decoded.Pixels.ToArray().Chunk(3).Should().OnlyContain(pixel => pixel[0] > 240 && pixel[1] < 10 && pixel[2] < 10);
    }

    [Theory]
    [InlineData(".png", 0)]
    [InlineData(".jpg[Q=95]", 1)]
    [InlineData(".tif", 6)]
    public void A_part_is_what_would_be_cut_out_of_the_whole(string suffix, int orientation)
    {
        var stored = Encoded.Image(Encoded.Pattern(120, 90, 3), suffix,
            image => image.Mutate(change => change.Set(GValue.GIntType, "orientation", orientation)));
        var crop = new RandomResizedCrop(60);
        var whole = ImageDecoder.Decode(stored, "x");
        for (var seed = 0; seed < 20; seed++)
        {
            using var memory = new PixelMemory();
            var part = ImageDecoder.DecodePart(stored, "x", 3, new PartRequest(crop, new SampleRandom(seed), memory));
            part.ShouldEqual(new PartRequest(crop, new SampleRandom(seed), memory: null).Cut(whole), $"seed {seed}");
        }
    }

    [Fact]
    public void A_large_jpeg_is_shrunk_while_it_is_decoded_to_nearly_the_same_pixels()
    {
        using var waves = NetVips.Image.Sines(1600, 1200, hfreq: 1, vfreq: 1).Linear([100], [128]).Cast(Enums.BandFormat.Uchar);
        var jpeg = waves.Bandjoin(waves, waves).Copy(interpretation: Enums.Interpretation.Srgb).WriteToBuffer(".jpg[Q=95]");
        var crop = new RandomResizedCrop(100, new RandomResizedCropOptions { MinArea = 0.5 });
        for (var seed = 0; seed < 10; seed++)
        {
            var part = ImageDecoder.DecodePart(jpeg, "x", 3, new PartRequest(crop, new SampleRandom(seed), memory: null));
            var whole = crop.Apply(ImageDecoder.Decode(jpeg, "x"), new SampleRandom(seed));

            Math.Min(part.Width, part.Height).Should().BeInRange(100, 199, "a shrink by twice as much would leave too little");
            var differences = crop.Resize(part).Pixels.ToArray().Zip(whole.Pixels.ToArray(), (a, b) => Math.Abs(a - b)).ToList();
            differences.Average().Should().BeLessThan(2);
            differences.Max().Should().BeLessThan(8);
        }
    }

    [Fact]
    public void An_absurd_size_is_refused_by_the_header()
    {
        var png = Encoded.Image(Encoded.Pattern(64, 64, 3), ".png");
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(16), 60_000);
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(20), 60_000);
        BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan(29), Crc32(png.AsSpan(12, 17)));

        FluentActions.Invoking(() => ImageDecoder.Decode(png, "huge.png")).Should().Throw<TweedieException>()
            .WithMessage("'huge.png' cannot be read as an image: the header claims 60000 x 60000 pixels, more than the 100000000 in all or 65535 per side that are read; shrink the image.");
    }

    [Fact]
    public void Decoding_into_rented_memory_allocates_no_pixels()
    {
        var jpeg = Encoded.Image(Encoded.Pattern(500, 375, 3), ".jpg");
        var crop = new RandomResizedCrop(224);
        for (var seed = 0; seed < 20; seed++)
            Decode(seed); // fills the pool
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var seed = 0; seed < 20; seed++)
            Decode(seed);
        ((GC.GetAllocatedBytesForCurrentThread() - before) / 20).Should().BeLessThan(10_000, "the pixels of one are 562,500 bytes");

        void Decode(int seed)
        {
            using var memory = new PixelMemory();
            var request = new PartRequest(crop, new SampleRandom(seed), memory);
            crop.Resize(ImageDecoder.DecodePart(jpeg, "x", 3, request));
        }
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

    /// <summary>PNG's checksum (ISO 3309).</summary>
    private static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0xEDB88320;
        }

        return ~crc;
    }

    [Fact]
    public void A_missing_file_is_named() =>
        FluentActions.Invoking(() => ImageDecoder.DecodeFile("no-such.png"))
            .Should().Throw<TweedieException>().WithMessage("'no-such.png' cannot be read*");
}
