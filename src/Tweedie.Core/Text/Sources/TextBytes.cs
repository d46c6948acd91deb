using System.IO.Compression;

namespace Tweedie.Text;

/// <summary>Opens text files, decompressed where the name ends in <c>.gz</c>, and turns failures into one-line messages.</summary>
internal static class TextBytes
{
    /// <summary>The bytes that are read at once.</summary>
    public const int BlockLength = 1 << 16;

    /// <summary>Opens a file.</summary>
    public static Stream Open(string path) => Guard(path, () =>
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1, FileOptions.SequentialScan);
        return path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(file, CompressionMode.Decompress) : (Stream)file;
    });

    /// <summary>Fills the buffer from an index on, as far as the file goes; returns the number of bytes read.</summary>
    public static int Fill(string path, Stream stream, byte[] buffer, int start) =>
        Guard(path, () => stream.ReadAtLeast(buffer.AsSpan(start), buffer.Length - start, throwOnEndOfStream: false));

    /// <summary>What changes when a file changes: its path, length and time of writing.</summary>
    public static string Stamp(string path) => Guard(path, () =>
    {
        var file = new FileInfo(path);
        return FormattableString.Invariant($"{file.FullName}|{file.Length}|{file.LastWriteTimeUtc.Ticks}");
    });

    private static T Guard<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (InvalidDataException error)
        {
            throw new TweedieException($"{path}: not a gzip file, or a damaged one; fetch it again.", error);
        }
        catch (Exception error) when (error.IsFileError())
        {
            throw FileErrors.CannotRead(path, error);
        }
    }
}
