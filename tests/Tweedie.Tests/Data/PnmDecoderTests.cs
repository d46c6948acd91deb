using System.Text;
using Tweedie.Images;

namespace Tweedie.Tests.Data;

public sealed class PnmDecoderTests
{
    private static readonly RasterImage _grey = new(3, 2, 1, [0, 51, 102, 153, 204, 255]);
    private static readonly RasterImage _colour = new(2, 1, 3, [255, 0, 51, 102, 153, 204]);
    private static readonly RasterImage _bits = new(9, 2, 1, [0, 255, 255, 255, 255, 255, 255, 255, 0, 255, 0, 255, 255, 255, 255, 255, 255, 255]);

    [Theory]
    [InlineData("P2\n# a comment\n3 2\n5\n0 1 2\n3 4 5\n")]
    [InlineData("P2 3 2 255 0 51 102 153 204 255")]
    [InlineData("P2\r\n3\t2 # here too\n255\n0 51 102\n153 204 255")]
    public void Greymaps_of_text_are_scaled_to_bytes(string text) => Decode(Encoding.ASCII.GetBytes(text)).ShouldEqual(_grey);

    [Fact]
    public void Greymaps_and_pixmaps_of_bytes_are_read()
    {
        Decode([.. "P5\n3 2\n255\n"u8, 0, 51, 102, 153, 204, 255]).ShouldEqual(_grey);
        Decode([.. "P5 3 2 5\n"u8, 0, 1, 2, 3, 4, 5]).ShouldEqual(_grey);
        Decode([.. "P5 3 2 65535\n"u8, 0, 0, 51, 51, 102, 102, 153, 153, 204, 204, 255, 255]).ShouldEqual(_grey);
        Decode([.. "P6\n2 1\n255\n"u8, 255, 0, 51, 102, 153, 204]).ShouldEqual(_colour);
        Decode("P3 2 1 255 255 0 51 102 153 204"u8).ShouldEqual(_colour);
    }

    [Fact]
    public void Ones_of_a_bitmap_are_black_and_its_rows_begin_with_a_byte()
    {
        Decode("P1\n9 2\n1000 00001\n010000000"u8).ShouldEqual(_bits);
        Decode([.. "P4\n9 2\n"u8, 0b1000_0000, 0b1000_0000, 0b0100_0000, 0]).ShouldEqual(_bits);
    }

    [Fact]
    public void Channels_are_those_asked_for()
    {
        ImageDecoder.Decode("P2 1 1 255 7"u8, "x", channels: 3).ShouldEqual(new RasterImage(1, 1, 3, [7, 7, 7]));
        ImageDecoder.Decode("P3 1 1 255 7 7 7"u8, "x", channels: 1).ShouldEqual(new RasterImage(1, 1, 1, [7]));
    }

    [Theory]
    [InlineData("P5 3 2 255\nabcde", "before its last pixel")]
    [InlineData("P2 3 2 255 0 51 102 153 204", "before its last pixel")]
    [InlineData("P2 3 2 5 0 1 2 3 4 6", "a pixel has the value 6, but the header claims values up to 5")]
    [InlineData("P2 3 2 0 0", "the header claims values up to 0")]
    [InlineData("P2 3 2 99999 0", "the header claims values up to 99999")]
    [InlineData("P6 99999 99999 255\nx", "more than the")]
    [InlineData("P6 0 3 255\nx", "0 x 3 pixels")]
    [InlineData("P1 2 1 0x", "a pixel is neither 0 nor 1")]
    [InlineData("P2 x", "a number is expected")]
    [InlineData("P2 #", "before its last pixel")]
    public void Damaged_files_are_named_with_what_is_wrong(string text, string problem) =>
        FluentActions.Invoking(() => Decode(Encoding.ASCII.GetBytes(text))).Should().Throw<TweedieException>().WithMessage($"'x' cannot be read as an image: *{problem}*");

    private static RasterImage Decode(ReadOnlySpan<byte> bytes) => ImageDecoder.Decode(bytes, "x", channels: bytes[1] is (byte)'3' or (byte)'6' ? 3 : 1);
}
