using System.Buffers.Binary;

namespace Tweedie.Images;

/// <summary>Decodes uncompressed Windows bitmaps of 8 (palette), 24 and 32 bits per pixel, which libvips' usual builds cannot read.</summary>
internal static class BmpDecoder
{
    private const int FileHeader = 14;
    private const int InfoHeader = 40;
    private const int Uncompressed = 0;
    private const int BitFields = 3;

    public static bool Recognises(ReadOnlySpan<byte> encoded) => encoded.StartsWith("BM"u8);

    /// <summary>Decodes to three channels; transparency is ignored, as the format leaves it undefined.</summary>
    /// <exception cref="InvalidDataException">The file is truncated, or of a kind that is not supported.</exception>
    public static RasterImage Decode(ReadOnlySpan<byte> encoded, int maximumPixels)
    {
        if (encoded.Length < FileHeader + InfoHeader)
            throw new InvalidDataException($"the BMP file ends within its header, after {encoded.Length} bytes");
        var (offset, infoLength) = (Int32(encoded, 10), Int32(encoded, FileHeader));
        var (width, signedHeight) = (Int32(encoded, 18), Int32(encoded, 22));
        var (bits, compression) = (BinaryPrimitives.ReadUInt16LittleEndian(encoded[28..]), Int32(encoded, 30));
        var isPlain = compression == Uncompressed || (compression == BitFields && bits == 32 && HasUsualMasks(encoded));
        if (infoLength < InfoHeader || bits is not (8 or 24 or 32) || !isPlain)
            throw new InvalidDataException($"BMP with {bits} bits and compression {compression} is not supported, convert it to PNG");

        var height = Math.Abs((long)signedHeight);
        var stride = ((long)width * bits + 31) / 32 * 4; // rows are padded to four bytes
        ImageDecoder.CheckSize(width, height, maximumPixels);
        var palette = bits == 8 ? FileHeader + (long)infoLength : 0;
        if (offset < FileHeader + InfoHeader || offset + stride * height > encoded.Length || palette > encoded.Length)
            throw new InvalidDataException($"the BMP file ends after {encoded.Length} bytes, before its last pixel");

        var pixels = new byte[3 * width * (int)height];
        for (var y = 0; y < height; y++)
        {
            var storedRow = signedHeight > 0 ? height - 1 - y : y; // a positive height means bottom-up
            var row = encoded.Slice((int)(offset + storedRow * stride), (int)stride);
            var target = pixels.AsSpan(3 * width * y, 3 * width);
            for (var x = 0; x < width; x++)
            {
                var colour = bits == 8 ? PaletteEntry(encoded, (int)palette, row[x]) : row[(x * (bits / 8))..];
                (target[3 * x], target[3 * x + 1], target[3 * x + 2]) = (colour[2], colour[1], colour[0]); // stored blue first
            }
        }

        return new RasterImage(width, (int)height, 3, pixels);
    }

    private static ReadOnlySpan<byte> PaletteEntry(ReadOnlySpan<byte> encoded, int palette, byte index)
    {
        var entry = palette + 4 * index;
        return entry + 4 <= encoded.Length
            ? encoded.Slice(entry, 4)
            : throw new InvalidDataException($"the BMP palette has no colour {index}");
    }

    /// <summary>Whether the explicit channel masks give the order that 32 bits without masks have: blue, green, red, unused.</summary>
    private static bool HasUsualMasks(ReadOnlySpan<byte> encoded) =>
        encoded[(FileHeader + InfoHeader)..].StartsWith((ReadOnlySpan<byte>)[0, 0, 0xFF, 0, 0, 0xFF, 0, 0, 0xFF, 0, 0, 0]);

    private static int Int32(ReadOnlySpan<byte> encoded, int offset) => BinaryPrimitives.ReadInt32LittleEndian(encoded[offset..]);
}
