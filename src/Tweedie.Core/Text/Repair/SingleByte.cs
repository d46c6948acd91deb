using System.Text.RegularExpressions;

namespace Tweedie.Text;

/// <summary>Text read as Latin-1 or Windows-1252, and back: a byte is a character up to U+00FF.</summary>
internal static partial class SingleByte
{
    /// <summary>The byte that stands for a replacement character, of which no encoding says which byte it was.</summary>
    public const char Lost = '\u001A';

    private const int FirstControl = 0x80;

    /// <summary>What Windows-1252 makes of the bytes 0x80 to 0x9F; those that it leaves free stand for themselves, as browsers have it.</summary>
    public const string Windows1252 = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008DŽ\u008F\u0090‘’“”•–—˜™š›œ\u009DžŸ";

    /// <summary>The bytes that Latin-1 reads as the text; null where it has no such characters.</summary>
    public static string? Latin1(string text) => text.AsSpan().ContainsAnyExceptInRange('\0', '\u00FF') ? null : text;

    /// <summary>The bytes that Windows-1252 reads as the text, with <see cref="Lost"/> for replacement characters; null where it has no such characters.</summary>
    public static string? Windows(string text)
    {
        if (text.Contains(Lost))
            return null;
        var bytes = text.ToCharArray();
        for (var i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] == '\uFFFD')
                bytes[i] = Lost;
            else if (bytes[i] > '\u00FF')
            {
                if (Windows1252.IndexOf(bytes[i]) is var index && index < 0)
                    return null;
                bytes[i] = (char)(FirstControl + index);
            }
            else if (bytes[i] is >= '\u0080' and <= '\u009F' && Windows1252[bytes[i] - FirstControl] != bytes[i])
                return null; // Windows-1252 reads another character from this byte
        }
        return new string(bytes);
    }

    /// <summary>Reads control characters of Latin-1 as Windows-1252.</summary>
    public static string ReadControls(string text) => LatinControl().Replace(text, match => Windows1252[match.Value[0] - FirstControl].ToString());

    [GeneratedRegex("[\u0080-\u009F]")]
    private static partial Regex LatinControl();
}
