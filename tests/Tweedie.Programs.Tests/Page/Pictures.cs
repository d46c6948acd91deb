using System.Buffers.Binary;
using System.IO.Compression;

namespace Tweedie.Tests.Page;

/// <summary>Small pictures of one colour.</summary>
internal static class Pictures
{
    private const int Side = 32;

    /// <summary>A PNG of 32 × 32 pixels.</summary>
    /// <param name="colour">0xRRGGBB.</param>
    public static byte[] Png(uint colour)
    {
        using var file = new MemoryStream();
        file.Write([0x89, .. "PNG\r\n\x1a\n"u8]);
        byte[] header = [0, 0, 0, Side, 0, 0, 0, Side, 8, 2, 0, 0, 0];
        Chunk(file, "IHDR"u8, header);
        using var pixels = new MemoryStream();
        using (var packed = new ZLibStream(pixels, CompressionLevel.Fastest, leaveOpen: true))
            for (var row = 0; row < Side; row++)
                packed.Write([0, .. Enumerable.Repeat(new[] { (byte)(colour >> 16), (byte)(colour >> 8), (byte)colour }, Side).SelectMany(pixel => pixel)]);
        Chunk(file, "IDAT"u8, pixels.ToArray());
        Chunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    private static void Chunk(Stream file, ReadOnlySpan<byte> name, byte[] data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);
        byte[] content = [.. name, .. data];
        file.Write(content);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc(content));
        file.Write(number);
    }

    private static uint Crc(byte[] content)
    {
        var crc = uint.MaxValue;
        foreach (var value in content)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) == 0 ? crc >> 1 : crc >> 1 ^ 0xEDB88320;
        }
        return ~crc;
    }
}
