using System.Buffers.Binary;
using Tweedie.Images;

namespace Tweedie.Tests.Data;

public sealed class BmpDecoderTests
{
    // Two rows of three pixels: red, green, blue above; black, white, grey below.
    private static readonly byte[] _pixels = [255, 0, 0, 0, 255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 9, 9, 9];

    [Theory]
    [InlineData(24, 2)]
    [InlineData(24, -2)]
    [InlineData(32, 2)]
    public void True_colour_is_decoded_bottom_up_and_top_down(int bits, int height) =>
        ImageDecoder.Decode(Bitmap(bits, height), "x.bmp").ShouldEqual(new RasterImage(3, 2, 3, _pixels));

    [Fact]
    public void Palette_colours_are_looked_up()
    {
        byte[] palette = [0, 0, 255, 0, 255, 0, 0, 0]; // red, blue (stored blue first)
        var bitmap = Header(bits: 8, width: 3, height: 1, offset: 54 + palette.Length).Concat(palette).Concat<byte>([0, 1, 0, 0]).ToArray();
        ImageDecoder.Decode(bitmap, "x.bmp").Pixels.ToArray().Should().Equal(255, 0, 0, 0, 0, 255, 255, 0, 0);
    }

    [Fact]
    public void Damaged_bitmaps_are_named()
    {
        var whole = Bitmap(24, 2);
        var compressed = Bitmap(24, 2);
        compressed[30] = 1;
        var damaged = new Dictionary<string, byte[]>
        {
            ["header"] = whole[..20],
            ["truncated"] = whole[..^1],
            ["compressed"] = compressed,
            ["negative width"] = Header(24, -3, 2, 54),
            ["huge"] = Header(24, int.MaxValue, int.MinValue, 54),
            ["no palette colour"] = [.. Header(8, 1, 1, 54), 255, 0, 0, 0],
        };

        foreach (var (damage, bytes) in damaged)
            FluentActions.Invoking(() => ImageDecoder.Decode(bytes, "x.bmp"))
                .Should().Throw<TweedieException>(damage).WithMessage("'x.bmp' cannot be read as an image: *");
    }

    private static byte[] Bitmap(int bits, int height)
    {
        var bytes = new List<byte>(Header(bits, 3, height, 54));
        foreach (var y in height > 0 ? new[] { 1, 0 } : [0, 1])
        {
            for (var x = 0; x < 3; x++)
            {
                var pixel = _pixels.AsSpan(9 * y + 3 * x, 3);
                bytes.AddRange(pixel[2], pixel[1], pixel[0]);
                if (bits == 32)
                    bytes.Add(0);
            }

            while ((bytes.Count - 54) % 4 != 0)
                bytes.Add(0);
        }

        return [.. bytes];
    }

    private static byte[] Header(int bits, int width, int height, int offset)
    {
        var header = new byte[54];
        "BM"u8.CopyTo(header);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(10), offset);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(14), 40);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(18), width);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(22), height);
        BinaryPrimitives.WriteInt16LittleEndian(header.AsSpan(26), 1);
        BinaryPrimitives.WriteInt16LittleEndian(header.AsSpan(28), (short)bits);
        return header;
    }
}
