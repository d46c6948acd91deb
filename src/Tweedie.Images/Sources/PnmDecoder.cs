using System.Buffers.Binary;

namespace Tweedie.Images;

/// <summary>Decodes the portable bitmaps, greymaps and pixmaps of Netpbm (P1 to P6), which libvips' usual builds cannot read.</summary>
internal static class PnmDecoder
{
    private const int MaximumValue = 65_535;

    public static bool Recognises(ReadOnlySpan<byte> encoded) => encoded is [(byte)'P', >= (byte)'1' and <= (byte)'6', (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' or (byte)'#', ..];

    /// <summary>Decodes to one channel (bitmaps and greymaps) or three (pixmaps); values are scaled to 0..255.</summary>
    /// <exception cref="InvalidDataException">The file is truncated or malformed, or has too many pixels.</exception>
    public static RasterImage Decode(ReadOnlySpan<byte> encoded, int maximumPixels)
    {
        var kind = encoded[1] - '0';
        var (isText, isBitmap, channels) = (kind <= 3, kind is 1 or 4, kind is 3 or 6 ? 3 : 1);
        var rest = encoded[2..];
        var (width, height) = (Number(ref rest), Number(ref rest));
        var maximum = isBitmap ? 1 : Number(ref rest);
        if (maximum is 0 or > MaximumValue)
            throw new InvalidDataException($"the header claims values up to {maximum}; 1 to {MaximumValue} are valid");
        ImageDecoder.CheckSize(width, height, maximumPixels);
        if (!isText)
            rest = rest.IsEmpty ? rest : rest[1..]; // exactly one white space ends the header
        var (stride, bytes) = (isBitmap ? (width + 7) / 8 : width * channels * (maximum > 255 ? 2 : 1), width * channels);
        if (rest.Length < (isText ? (long)bytes * height : (long)stride * height))
            throw new InvalidDataException($"the file ends after {encoded.Length} bytes, before its last pixel");

        var pixels = new byte[bytes * height];
        for (var y = 0; y < height; y++)
        {
            var row = isText ? default : rest.Slice(y * stride, stride);
            for (var x = 0; x < bytes; x++)
            {
                var value = isText ? isBitmap ? Digit(ref rest) : Number(ref rest)
                    : isBitmap ? row[x / 8] >> (7 - x % 8) & 1
                    : maximum > 255 ? BinaryPrimitives.ReadUInt16BigEndian(row[(2 * x)..]) : row[x];
                if (value > maximum)
                    throw new InvalidDataException($"a pixel has the value {value}, but the header claims values up to {maximum}");
                var scaled = (value * 255 + maximum / 2) / maximum;
                pixels[y * bytes + x] = (byte)(isBitmap ? 255 - scaled : scaled); // in a bitmap, 1 is black
            }
        }

        return new RasterImage(width, height, channels, pixels);
    }

    /// <summary>Takes a number, and the white space and comments before it.</summary>
    private static int Number(ref ReadOnlySpan<byte> rest)
    {
        SkipSpace(ref rest);
        var length = 0;
        var value = 0;
        for (; length < rest.Length && rest[length] is >= (byte)'0' and <= (byte)'9'; length++)
            value = Math.Min(10 * value + rest[length] - '0', ImageDecoder.MaximumPixels);
        if (length == 0)
            throw new InvalidDataException(rest.IsEmpty ? "the file ends before its last pixel" : "a number is expected where there is none");
        rest = rest[length..];
        return value;
    }

    /// <summary>Takes a digit, which needs no white space after it in a bitmap of text.</summary>
    private static int Digit(ref ReadOnlySpan<byte> rest)
    {
        SkipSpace(ref rest);
        if (rest is not [(byte)'0' or (byte)'1', ..])
            throw new InvalidDataException(rest.IsEmpty ? "the file ends before its last pixel" : "a pixel is neither 0 nor 1");
        var digit = rest[0] - '0';
        rest = rest[1..];
        return digit;
    }

    private static void SkipSpace(ref ReadOnlySpan<byte> rest)
    {
        while (rest.Length > 0)
        {
            if (rest[0] == '#')
            {
                var end = rest.IndexOfAny((byte)'\n', (byte)'\r');
                rest = end < 0 ? [] : rest[end..];
            }
            else if (rest[0] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' or 0x0B or 0x0C)
                rest = rest[1..];
            else
                return;
        }
    }
}
