namespace Tweedie.Text;

/// <summary>Reads a file of UTF-8 line by line as bytes. Memory holds one line.</summary>
internal static class ByteLines
{
    private const int LongestLine = 1 << 30;

    /// <summary>The lines without their ends, with their numbers from 1. A line's bytes are valid until the next line is read.</summary>
    /// <exception cref="TweedieException">The file cannot be read, is in UTF-16 or UTF-32, or has a line of more than 1 GiB.</exception>
    public static IEnumerable<(long Number, ReadOnlyMemory<byte> Line)> Read(string path, CancellationToken cancellation)
    {
        using var stream = TextBytes.Open(path);
        var buffer = new byte[TextBytes.BlockLength];
        var (start, end, number) = (0, 0, 0L);
        for (var isLast = false; !isLast;)
        {
            cancellation.ThrowIfCancellationRequested();
            if (start > 0)
                buffer.AsSpan(start, end - start).CopyTo(buffer);
            (start, end) = (0, end - start);
            if (end > buffer.Length / 2)
                Array.Resize(ref buffer, buffer.Length < LongestLine ? buffer.Length * 2 : throw new TweedieException($"{path}, line {number + 1}: has more than {LongestLine} bytes; is it a file of lines?"));
            var count = TextBytes.Fill(path, stream, buffer, end);
            isLast = end + count < buffer.Length;
            if (number == 0 && start == 0)
                start = MarkLength(path, buffer.AsSpan(0, count));
            end += count;
            while (buffer.AsSpan(start, end - start).IndexOf((byte)'\n') is >= 0 and var length)
            {
                yield return (++number, Trim(buffer.AsMemory(start, length)));
                start += length + 1;
            }
        }
        if (end > start)
            yield return (++number, Trim(buffer.AsMemory(start, end - start)));
    }

    private static int MarkLength(string path, ReadOnlySpan<byte> bytes)
    {
        var (encoding, length) = TextEncodings.Detect(bytes[..Math.Min(bytes.Length, TextEncodings.LongestMark)], System.Text.Encoding.UTF8);
        return encoding.CodePage == System.Text.Encoding.UTF8.CodePage ? length
            : throw new TweedieException($"{path}: is in {encoding.WebName}, and must be in UTF-8; convert it.");
    }

    private static ReadOnlyMemory<byte> Trim(ReadOnlyMemory<byte> line) => line.Span is [.., (byte)'\r'] ? line[..^1] : line;
}
