using System.Text;

namespace Tweedie.Images;

/// <summary>Recognises what often lies in the place of a data file: a web page that says why a download failed, or the pointer of a large file in Git.</summary>
internal static class ForeignContent
{
    private const int Enough = 64;

    /// <summary>What the first bytes of a file show that it is, and the way out; null where they show nothing known.</summary>
    public static string? Describe(ReadOnlySpan<byte> start)
    {
        var text = Encoding.Latin1.GetString(start[..Math.Min(start.Length, Enough)]).TrimStart('\u00ef', '\u00bb', '\u00bf', ' ', '\t', '\r', '\n');
        if (text.StartsWith("version https://git-lfs", StringComparison.Ordinal))
            return "it is a pointer of Git LFS; fetch the file that it stands for with 'git lfs pull'";
        return text.StartsWith('<') ? "it is a web page (HTML or XML), probably in place of a download that failed; fetch the file again" : null;
    }

    /// <summary>What a file is; null where that is not known.</summary>
    public static string? Describe(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            var start = new byte[Enough];
            return Describe(start.AsSpan(0, file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)));
        }
        catch (Exception error) when (error.IsFileError())
        {
            return null;
        }
    }
}
