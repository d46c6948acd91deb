using System.Buffers.Binary;
using NetVips;
using Tweedie.Images;
using Tweedie.Tests.Data;

namespace Tweedie.Tests.Hostile;

/// <summary>Images as folders hold them: odd but good ones are decoded, bad ones are refused before they cost anything.</summary>
[Collection(GlobalState.Name)] // alone, because resident memory is the whole process's
public sealed class HostileImageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, byte[], int, int> Odd => new()
    {
        { "one pixel.png", Encoded.Image(Encoded.Plain(1, 1, 9, 8, 7), ".png"), 1, 1 },
        { "one pixel.jpg", Encoded.Image(Encoded.Plain(1, 1, 9, 8, 7), ".jpg"), 1, 1 },
        { "65,500 wide.jpg", Encoded.Image(Encoded.Pattern(65_500, 1, 3), ".jpg"), 65_500, 1 },
        { "65,500 high.png", Encoded.Image(Encoded.Pattern(1, 65_500, 1), ".png"), 1, 65_500 },
        { "a PNG named.jpg", Encoded.Image(Encoded.Pattern(12, 7, 3), ".png"), 12, 7 },
        { "a JPEG named.png", Encoded.Image(Encoded.Pattern(12, 7, 3), ".jpg"), 12, 7 },
        { "CMYK.jpg", Encoded.Image(Encoded.Plain(12, 7, 200, 100, 50), ".jpg", image => image.Colourspace(Enums.Interpretation.Cmyk)), 12, 7 },
        { "CMYK.tif", Encoded.Image(Encoded.Plain(12, 7, 200, 100, 50), ".tif", image => image.Colourspace(Enums.Interpretation.Cmyk)), 12, 7 },
        { "16 bits.png", Encoded.Image(Encoded.Plain(12, 7, 200, 100, 50), ".png", image => image.Colourspace(Enums.Interpretation.Rgb16)), 12, 7 },
        { "16 bits grey.png", Encoded.Image(Encoded.Plain(12, 7, 100), ".png", image => image.Colourspace(Enums.Interpretation.Grey16)), 12, 7 },
        { "16 bits.tif", Encoded.Image(Encoded.Plain(12, 7, 200, 100, 50), ".tif", image => image.Colourspace(Enums.Interpretation.Rgb16)), 12, 7 },
        { "floats.tif", Encoded.Image(Encoded.Plain(12, 7, 200, 100, 50), ".tif", image => image.Cast(Enums.BandFormat.Float)), 12, 7 },
        { "lab.tif", Encoded.Image(Encoded.Plain(12, 7, 200, 100, 50), ".tif", image => image.Colourspace(Enums.Interpretation.Lab)), 12, 7 },
        { "grey with alpha.png", Encoded.Image(Encoded.Plain(12, 7, 100), ".png", image => image.Bandjoin(128)), 12, 7 },
        { "one bit.png", Encoded.Image(Encoded.Plain(12, 7, 255), ".png[bitdepth=1]"), 12, 7 },
        { "palette.png", Encoded.Image(Encoded.Plain(12, 7, 200, 100, 50), ".png[palette]"), 12, 7 },
        { "progressive.jpg", Encoded.Image(Encoded.Pattern(12, 7, 3), ".jpg[interlace]"), 12, 7 },
        { "interlaced.png", Encoded.Image(Encoded.Pattern(12, 7, 3), ".png[interlace]"), 12, 7 },
    };

    public static TheoryData<string, byte[]> Bad => new()
    {
        { "empty.jpg", [] },
        { "cut in half.jpg", Half(Encoded.Image(Encoded.Pattern(64, 64, 3), ".jpg")) },
        { "cut in half.png", Half(Encoded.Image(Encoded.Pattern(64, 64, 3), ".png")) },
        { "cut in half.webp", Half(Encoded.Image(Encoded.Pattern(64, 64, 3), ".webp")) },
        { "cut in half.gif", Half(Encoded.Image(Encoded.Pattern(64, 64, 3), ".gif")) },
        { "cut in half.tif", Half(Encoded.Image(Encoded.Pattern(64, 64, 3), ".tif")) },
        { "text.png", [.. "this is no image\n"u8] },
        { "zeros.jpg", new byte[10_000] },
        { "a page.html.jpg", [.. "<!DOCTYPE html><html><body>404 Not Found</body></html>"u8] },
        { "vector.jpg", [.. """<svg xmlns="http://www.w3.org/2000/svg" width="100000" height="100000"><image href="/etc/passwd"/></svg>"""u8] },
        { "bomb.png", PngBomb(12_000, 12_000) },
        { "larger than its side.png", PngBomb(100_000, 2) },
        { "bomb.bmp", BmpBomb(int.MaxValue, int.MinValue) },
    };

    [Theory]
    [MemberData(nameof(Odd))]
    public void Odd_images_are_decoded_and_fit_a_network(string name, byte[] bytes, int width, int height)
    {
        var image = ImageDecoder.DecodeFile(_folder.Write(name, bytes));

        image.Shape.Should().Be(new ImageShape(3, height, width));
        RasterImage? square = null;
        PeakMemory.Of(() => square = new ResizeCrop(224).Apply(image, new SampleRandom(0))).Should().BeLessThan(128 << 20);
        square!.Shape.Should().Be(new ImageShape(3, 224, 224));
        if (name.StartsWith("CMYK", StringComparison.Ordinal) || name.StartsWith("16 bits.", StringComparison.Ordinal) || name == "lab.tif")
            image.Pixels.ToArray().Chunk(3).Should().OnlyContain(pixel => Math.Abs(pixel[0] - 200) < 12 && Math.Abs(pixel[1] - 100) < 12 && Math.Abs(pixel[2] - 50) < 12);
    }

    [Theory]
    [MemberData(nameof(Bad))]
    public void Bad_images_are_refused_in_one_line_and_cost_nothing(string name, byte[] bytes)
    {
        var path = _folder.Write(name, bytes);
        var growth = PeakMemory.Of(() =>
        {
            var decode = () => ImageDecoder.DecodeFile(path);
            decode.Should().Throw<TweedieException>().Which.Message.Should().StartWith($"'{path}' cannot be read as an image: ").And.NotContain("\n");
        });
        growth.Should().BeLessThan(64 << 20);
    }

    private static byte[] Half(byte[] bytes) => bytes[..(bytes.Length / 2)];

    // A valid PNG of one colour, whose pixels compress a thousandfold.
    private static byte[] PngBomb(int width, int height)
    {
        using var black = Image.Black(width, height);
        return black.WriteToBuffer(".png[bitdepth=1]");
    }

    private static byte[] BmpBomb(int width, int height)
    {
        var bytes = new byte[100];
        "BM"u8.CopyTo(bytes);
        (bytes[10], bytes[14], bytes[28]) = (54, 40, 24);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(18), width);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(22), height);
        return bytes;
    }
}
