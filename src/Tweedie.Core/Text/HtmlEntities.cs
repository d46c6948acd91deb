using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Tweedie.Text;

/// <summary>
/// Decodes HTML's character references as HTML5 does (WHATWG HTML, section 13.2.5.72 on): the old names need no semicolon and may begin a
/// longer word, and numbers of the C1 range mean Windows-1252. <see cref="System.Net.WebUtility"/> knows 253 of the 2,231 names.
/// </summary>
internal static partial class HtmlEntities
{
    private const string Replacement = "\uFFFD";

    private static readonly Dictionary<string, string> Names =
        EmbeddedTable.Read("HtmlEntities.txt").ToDictionary(line => line.Key, line => line.Value, StringComparer.Ordinal);

    /// <summary>Names in capitals that HTML does not know, such as <c>&amp;EACUTE;</c>, which mean the capital.</summary>
    private static readonly Dictionary<string, string> Capitals = Names
        .Where(entry => entry.Key.EndsWith(';') && !entry.Key.Any(char.IsAsciiLetterUpper) && Decode('&' + entry.Key.ToUpperInvariant()) == '&' + entry.Key.ToUpperInvariant())
        .ToDictionary(entry => entry.Key.ToUpperInvariant(), entry => entry.Value == "ß" ? "SS" : entry.Value.ToUpperInvariant(), StringComparer.Ordinal);

    public static string Decode(string text) => text.Contains('&') ? Reference().Replace(text, Value) : text;

    /// <summary>Decodes only references that end in a semicolon, as a careful repair of text does.</summary>
    public static string DecodeWhole(string text) => text.Contains('&') ? WholeReference().Replace(text, WholeValue) : text;

    [GeneratedRegex("&(?:#[0-9]+;?|#[xX][0-9a-fA-F]+;?|[^\\t\\n\\f <&#;]{1,32};?)", RegexOptions.CultureInvariant)]
    private static partial Regex Reference();

    [GeneratedRegex("&#?[0-9A-Za-z]{1,24};", RegexOptions.CultureInvariant)]
    private static partial Regex WholeReference();

    private static string WholeValue(Match match)
    {
        var name = match.Value[1..];
        if (name[0] != '#')
            return Names.TryGetValue(name, out var value) || Capitals.TryGetValue(name, out value) ? value : match.Value;
        var decoded = Decode(match.Value);
        return decoded.Contains(';') ? match.Value : decoded; // only a part of it was a number
    }

    private static string Value(Match match)
    {
        var name = match.Value[1..];
        return name[0] == '#' ? Number(name.AsSpan(1).TrimEnd(';')) : Name(name);
    }

    private static string Name(string name)
    {
        // The longest name that the word begins with; only a whole word can end in a semicolon.
        for (var length = name.Length; length > 1; length--)
            if (Names.TryGetValue(name[..length], out var value))
                return value + name[length..];
        return '&' + name;
    }

    private static string Number(ReadOnlySpan<char> digits)
    {
        var isHexadecimal = digits[0] is 'x' or 'X';
        var significant = (isHexadecimal ? digits[1..] : digits).TrimStart('0');
        if (significant.Length > 8)
            return Replacement;
        var code = significant.Length == 0 ? 0
            : long.Parse(significant, isHexadecimal ? NumberStyles.AllowHexSpecifier : NumberStyles.None);
        return code switch
        {
            0 or > 0x10FFFF or (>= 0xD800 and <= 0xDFFF) => Replacement,
            >= 0x80 and <= 0x9F => SingleByte.Windows1252[(int)code - 0x80].ToString(),
            '\r' => "\r",
            _ when IsInvalid((int)code) => "",
            _ => new Rune((int)code).ToString(),
        };
    }

    /// <summary>Control characters and noncharacters, which are dropped.</summary>
    private static bool IsInvalid(int code) => code
        is (>= 0x1 and <= 0x8) or 0xB or (>= 0xE and <= 0x1F) or 0x7F or (>= 0xFDD0 and <= 0xFDEF)
        || (code & 0xFFFE) == 0xFFFE;
}
