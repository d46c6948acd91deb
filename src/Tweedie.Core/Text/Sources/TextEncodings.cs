using System.Text;

namespace Tweedie.Text;

/// <summary>Finds encodings that refuse what they cannot decode.</summary>
internal static class TextEncodings
{
    private static readonly OptionName Option = new("Encoding", "Encoding");

    // A mark that begins with another one comes before it.
    private static readonly (byte[] Mark, string Name)[] Marks =
        [([0xEF, 0xBB, 0xBF], "utf-8"), ([0xFF, 0xFE, 0, 0], "utf-32"), ([0, 0, 0xFE, 0xFF], "utf-32BE"), ([0xFF, 0xFE], "utf-16"), ([0xFE, 0xFF], "utf-16BE")];

    /// <summary>The longest byte-order mark.</summary>
    public const int LongestMark = 4;

    /// <summary>The encoding of a name.</summary>
    /// <exception cref="TweedieException">There is none.</exception>
    public static Encoding Find(string name)
    {
        try
        {
            return Strict(name);
        }
        catch (ArgumentException error)
        {
            throw TweedieException.Naming($"{Option} = {OneLine.Of(name)} is no known encoding; use utf-8, utf-16, latin1, windows-1252 or another name that .NET knows.", error);
        }
    }

    /// <summary>The encoding that a byte-order mark names, and the mark's length; the given encoding and 0 where there is no mark.</summary>
    public static (Encoding Encoding, int MarkLength) Detect(ReadOnlySpan<byte> start, Encoding otherwise)
    {
        foreach (var (mark, name) in Marks)
            if (start.StartsWith(mark))
                return (Strict(name), mark.Length);
        return (otherwise, 0);
    }

    private static Encoding Strict(string name)
    {
        var known = CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);
        var strict = (Encoding)known.Clone();
        strict.DecoderFallback = DecoderFallback.ExceptionFallback;
        return strict;
    }
}
