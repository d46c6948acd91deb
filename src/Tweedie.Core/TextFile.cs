using System.IO.Compression;
using System.Text;

namespace Tweedie;

/// <summary>Reads small text files that may come from anyone. They must be UTF-8, and no more than a bound is read, whatever they expand to.</summary>
public static class TextFile
{
    /// <summary>The longest text that is read, in UTF-16 units.</summary>
    public const int MaximumLength = 16 << 20;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The text of a file, decompressed where its name ends in <c>.gz</c>.</summary>
    /// <exception cref="TweedieException">The file is missing, unreadable, not UTF-8 or too long.</exception>
    public static string Read(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            using Stream content = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file;
            using var reader = new StreamReader(content, StrictUtf8);
            var text = new StringBuilder();
            var part = new char[4096];
            while (reader.Read(part) is > 0 and var count)
            {
                text.Append(part, 0, count);
                if (text.Length > MaximumLength)
                    throw new TweedieException($"{path}: has more than {MaximumLength} characters; is it another kind of file?");
            }
            return text.ToString();
        }
        catch (DecoderFallbackException exception)
        {
            throw new TweedieException($"{path}: is not UTF-8 text", exception);
        }
        catch (InvalidDataException exception)
        {
            throw new TweedieException($"{path}: not a gzip file, or a damaged one; fetch it again.", exception);
        }
        catch (Exception exception) when (exception.IsFileError())
        {
            throw FileErrors.CannotRead(path, exception);
        }
    }
}
