using System.Buffers.Binary;
using System.Text;

namespace Tweedie.Tests.Hostile;

/// <summary>Damages a file: it flips bits, cuts and moves pieces, and changes numbers that readers take for lengths.</summary>
internal static class Mutation
{
    private static readonly long[] Lengths =
        [0, 1, -1, 127, 128, 255, 256, short.MaxValue, ushort.MaxValue, 65_536, 100_000_000, int.MaxValue, int.MinValue, uint.MaxValue, long.MaxValue, long.MinValue];

    // Pieces that text formats stumble over: nesting, escapes, numbers, controls, paths out of the folder.
    private static readonly byte[][] Words = [.. new[]
    {
        "[", "{", "]", "}", "\"", "\\", "\\u0000", "\\ud800", ":", ", ", "\n", "\r", "\t- ", "&a ", "*a", "!!", "---\n", "#", "\0", "\u2028",
        "NaN", "1e999", "-1", "9223372036854775808", "99999999999", "null", "true", "../../etc/passwd", "/dev/zero", "\ufeff",
    }.Select(Encoding.UTF8.GetBytes)];

    /// <summary>One of the samples with one to six damages.</summary>
    public static byte[] Damage(IReadOnlyList<byte[]> samples, SampleRandom random)
    {
        var bytes = samples[random.NextInt(samples.Count)].ToList();
        for (var count = 1 + random.NextInt(6); count > 0; count--)
            Damage(bytes, samples, random);
        return [.. bytes];
    }

    private static void Damage(List<byte> bytes, IReadOnlyList<byte[]> samples, SampleRandom random)
    {
        var at = Place(bytes.Count, random);
        var length = Math.Min(random.NextInt(1 + random.NextInt(64)), bytes.Count - at);
        switch (random.NextInt(8))
        {
            case 0 when at < bytes.Count:
                bytes[at] ^= (byte)(1 << random.NextInt(8));
                break;
            case 1 when at < bytes.Count:
                bytes[at] = (byte)random.NextInt(256);
                break;
            case 2:
                bytes.RemoveRange(at, random.NextBool(0.2) ? bytes.Count - at : length); // a piece, or all that follows
                break;
            case 3:
                bytes.InsertRange(Place(bytes.Count, random), bytes.GetRange(at, length)); // a piece twice
                break;
            case 4:
                var other = samples[random.NextInt(samples.Count)];
                bytes.RemoveRange(at, bytes.Count - at); // the head of one file and the tail of another
                bytes.AddRange(other.AsSpan(Place(other.Length, random)));
                break;
            case 5:
                bytes.InsertRange(at, Words[random.NextInt(Words.Length)]);
                break;
            case 6:
                WriteLength(bytes, at, random);
                break;
            default:
                ReplaceDigits(bytes, at, random);
                break;
        }
    }

    // Headers are short and matter most, so half of all damage falls into the first 64 bytes.
    private static int Place(int count, SampleRandom random) => random.NextInt((random.NextBool(0.5) ? Math.Min(count, 64) : count) + 1);

    private static void WriteLength(List<byte> bytes, int at, SampleRandom random)
    {
        Span<byte> number = stackalloc byte[8];
        var value = Lengths[random.NextInt(Lengths.Length)] + random.NextInt(3) - 1;
        var width = 1 << random.NextInt(4);
        if (random.NextBool(0.5))
            BinaryPrimitives.WriteInt64LittleEndian(number, value);
        else
            BinaryPrimitives.WriteInt64BigEndian(number, value << (64 - 8 * width));
        for (var i = 0; i < width && at + i < bytes.Count; i++)
            bytes[at + i] = number[i];
    }

    // The next run of decimal digits becomes another number.
    private static void ReplaceDigits(List<byte> bytes, int at, SampleRandom random)
    {
        var start = bytes.FindIndex(at, value => char.IsAsciiDigit((char)value));
        if (start < 0)
            return;
        var end = bytes.FindIndex(start, value => !char.IsAsciiDigit((char)value));
        bytes.RemoveRange(start, (end < 0 ? bytes.Count : end) - start);
        bytes.InsertRange(start, Encoding.ASCII.GetBytes($"{Lengths[random.NextInt(Lengths.Length)] + random.NextInt(3) - 1}"));
    }
}
