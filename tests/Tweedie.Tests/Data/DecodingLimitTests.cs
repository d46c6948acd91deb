using Tweedie.Images;

namespace Tweedie.Tests.Data;

public sealed class DecodingLimitTests
{
    private static readonly RasterImage Image = new(40, 30, 3, [.. Enumerable.Range(0, 40 * 30 * 3).Select(i => (byte)(i * 7))]);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_stream_is_read_from_its_position_to_its_end(bool canSeek)
    {
        var png = ImageWriter.ToPng(Image);
        using var stream = new Slow([1, 2, 3, .. png], canSeek);
        stream.ReadExactly(new byte[3]);
        using var other = new Slow(png, canSeek);

        ImageDecoder.Decode(stream).Pixels.ToArray().Should().Equal(Image.Pixels.ToArray());
        (await ImageDecoder.DecodeAsync(other)).Pixels.ToArray().Should().Equal(Image.Pixels.ToArray());
    }

    [Theory]
    [InlineData("png")]
    [InlineData("ppm")]
    [InlineData("bmp")]
    public void Too_many_pixels_are_refused(string format)
    {
        byte[] encoded = format switch
        {
            "png" => ImageWriter.ToPng(Image),
            "ppm" => [.. "P6 40 30 255\n"u8, .. Image.Pixels],
            _ => Bmp(),
        };

        ImageDecoder.Decode(new MemoryStream(encoded), options: new() { MaximumPixels = 1200 }).Width.Should().Be(40);
        FluentActions.Invoking(() => ImageDecoder.Decode(new MemoryStream(encoded), "upload", new() { MaximumPixels = 1199 })).Should().Throw<TweedieException>()
            .WithMessage("'upload' cannot be read as an image: the header claims 40 x 30 pixels, more than the 1199 in all *");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Too_many_bytes_are_refused_before_they_are_read(bool canSeek)
    {
        var png = ImageWriter.ToPng(Image);
        using var endless = new Slow(new byte[1 << 20], canSeek);
        var tooFew = new ImageDecoderOptions { MaximumBytes = png.Length - 1 };

        ImageDecoder.Decode(new Slow(png, canSeek), options: new() { MaximumBytes = png.Length }).Width.Should().Be(40);
        FluentActions.Invoking(() => ImageDecoder.Decode(new Slow(png, canSeek), "upload", tooFew)).Should().Throw<TweedieException>()
            .WithMessage($"'upload' has more than the {png.Length - 1} bytes that are read; *MaximumBytes*");
        await FluentActions.Awaiting(() => ImageDecoder.DecodeAsync(endless, options: tooFew)).Should().ThrowAsync<TweedieException>();
        endless.Position.Should().BeLessThan(2 * png.Length, "the rest is left alone");
    }

    [Fact]
    public void Wrong_options_and_broken_streams_are_reported()
    {
        FluentActions.Invoking(() => ImageDecoder.Decode(new MemoryStream(), options: new() { MaximumPixels = 0 })).Should().Throw<TweedieException>()
            .WithMessage("image: MaximumPixels = 0 *");
        FluentActions.Invoking(() => ImageDecoder.Decode(new MemoryStream(), options: new() { Channels = 2 })).Should().Throw<TweedieException>()
            .WithMessage("image: Channels = 2 must be 1 or 3*");
        FluentActions.Invoking(() => ImageDecoder.Decode(new MemoryStream(), "upload")).Should().Throw<TweedieException>().WithMessage("'upload' cannot be read as an image: it is empty.");
        FluentActions.Invoking(() => ImageDecoder.Decode(new Broken(), "upload")).Should().Throw<TweedieException>().WithMessage("'upload' cannot be read: the line is dead");
    }

    [Fact]
    public void A_file_lends_its_name_to_messages()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "cat.jpg");
        File.WriteAllText(path, "no image");
        using var file = File.OpenRead(path);

        FluentActions.Invoking(() => ImageDecoder.Decode(file)).Should().Throw<TweedieException>().WithMessage($"'{path}' cannot be read as an image: *");
    }

    private static byte[] Bmp()
    {
        var bmp = new byte[54 + 40 * 3 * 30];
        "BM"u8.CopyTo(bmp);
        foreach (var (offset, value) in new[] { (10, 54), (14, 40), (18, 40), (22, 30), (28, 24) })
            BitConverter.TryWriteBytes(bmp.AsSpan(offset), value);
        return bmp;
    }

    /// <summary>Gives at most seven bytes per call.</summary>
    private sealed class Slow(byte[] bytes, bool canSeek) : MemoryStream(bytes)
    {
        public override bool CanSeek => canSeek;

        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(7, buffer.Length)]);

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));
    }

    private sealed class Broken : MemoryStream
    {
        public override bool CanSeek => false;

        public override int Read(Span<byte> buffer) => throw new IOException("the line is dead");
    }
}
