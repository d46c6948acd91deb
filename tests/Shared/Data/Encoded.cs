using System.Buffers.Binary;
using System.IO.Compression;
using NetVips;
using Tweedie.Images;

namespace Tweedie.Tests.Data;

/// <summary>Makes the bytes of data files.</summary>
internal static class Encoded
{
    /// <summary>An IDX file: magic number, dimensions, data.</summary>
    public static byte[] Idx(int magic, int[] dimensions, byte[] data)
    {
        var bytes = new byte[4 + 4 * dimensions.Length + data.Length];
        BinaryPrimitives.WriteInt32BigEndian(bytes, magic);
        for (var i = 0; i < dimensions.Length; i++)
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(4 + 4 * i), dimensions[i]);
        data.CopyTo(bytes, 4 + 4 * dimensions.Length);
        return bytes;
    }

    /// <summary>The values 0, 1, 2, … modulo 251, so that every place has its own value.</summary>
    public static byte[] Ramp(int length, int start = 0) => [.. Enumerable.Range(start, length).Select(value => (byte)(value % 251))];

    public static byte[] Gzip(byte[] bytes)
    {
        using var target = new MemoryStream();
        using (var gzip = new GZipStream(target, CompressionLevel.Optimal))
            gzip.Write(bytes);
        return target.ToArray();
    }

    /// <summary>An image file whose format follows from the suffix (".png", ".jpg[Q=95]").</summary>
    public static byte[] Image(RasterImage image, string suffix, Func<Image, Image>? change = null)
    {
        using var raw = NetVips.Image.NewFromMemory(image.Pixels.ToArray(), image.Width, image.Height, image.Channels, Enums.BandFormat.Uchar);
        using var typed = raw.Copy(interpretation: image.Channels == 1 ? Enums.Interpretation.Bw : Enums.Interpretation.Srgb);
        using var changed = change is null ? typed.Copy() : change(typed);
        return changed.WriteToBuffer(suffix);
    }

    /// <summary>An image of one colour.</summary>
    public static RasterImage Plain(int width, int height, params byte[] colour) =>
        new(width, height, colour.Length, [.. Enumerable.Range(0, width * height).SelectMany(_ => colour)]);

    /// <summary>An image in which every value differs from its neighbours.</summary>
    public static RasterImage Pattern(int width, int height, int channels, int start = 0) =>
        new(width, height, channels, Ramp(width * height * channels, start));
}
