using System.Text;
using System.Text.RegularExpressions;
using System.Text.Unicode;

namespace Tweedie.Text;

/// <summary>Repairs text in UTF-8 that was read as Latin-1 or Windows-1252, as a whole or in parts, once or more often.</summary>
internal static partial class Mojibake
{
    /// <summary>The repaired text; the same text where it shows no sign of a wrong encoding, or cannot be read in another.</summary>
    public static string Repair(string text)
    {
        for (string? before = null; text != before;)
        {
            before = text;
            text = Step(text);
        }
        return text;
    }

    private static string Step(string text)
    {
        if (Ascii.IsValid(text) || !MojibakeSigns.AreIn(text))
            return text;
        var read = SingleByte.Latin1(text) is { } latin ? Decode(RestoreSpaces(latin)) : null;
        read ??= SingleByte.Windows(text) is { } windows ? Decode(MarkLost(RestoreSpaces(windows))) : null;
        if (read is not null)
            return read;
        // Only parts of the text may be in the wrong encoding. A part is shorter than the text, so this ends.
        var parts = MojibakeSigns.Sequence().Replace(text, match => match.Length < text.Length && MojibakeSigns.AreIn(match.Value) ? Repair(match.Value) : match.Value);
        return parts != text ? parts : SingleByte.ReadControls(text);
    }

    /// <summary>Bytes as UTF-8; null where they are not. Surrogates in three bytes each, and the long form of U+0000, are read too.</summary>
    private static string? Decode(string bytes)
    {
        var plain = SurrogatePair().Replace(bytes.Replace("\u00C0\u0080", "\0", StringComparison.Ordinal), match =>
        {
            var pair = match.Value;
            var code = 0x10000 + ((pair[1] & 0xF) << 16) + ((pair[2] & 0x3F) << 10) + ((pair[4] & 0xF) << 6) + (pair[5] & 0x3F);
            return Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(char.ConvertFromUtf32(code)));
        });
        var octets = Encoding.Latin1.GetBytes(plain);
        return Utf8.IsValid(octets) ? Encoding.UTF8.GetString(octets) : null;
    }

    // Programs turn the byte A0, which alone is a no-break space, into a space. The word à, whose last byte it is, keeps a space behind it.
    private static string RestoreSpaces(string bytes)
    {
        if (!SpaceInCharacter().IsMatch(bytes))
            return bytes;
        bytes = AloneGrave().Replace(bytes, "\u00C3\u00A0 ");
        return SpaceInCharacter().Replace(bytes, match => match.Value.Replace(' ', '\u00A0'));
    }

    private static string MarkLost(string bytes) => LostCharacter().Replace(bytes, "\u00EF\u00BF\u00BD");

    [GeneratedRegex("\u00ED[\u00A0-\u00AF][\u0080-\u00BF]\u00ED[\u00B0-\u00BF][\u0080-\u00BF]")]
    private static partial Regex SurrogatePair();

    // The Portuguese words àquele, àquela, àquilo and às go on behind the à.
    [GeneratedRegex("\u00C3 (?! |quele|quela|quilo|s )")]
    private static partial Regex AloneGrave();

    // Characters that are common, with one byte A0, such as à, Š, П and Р; and longer ones.
    [GeneratedRegex("[\u00C2\u00C3\u00C5\u00CE\u00D0\u00D9] "
        + "|[\u00E2\u00E3] [\u0080-\u0084\u0086-\u009F\u00A1-\u00BF]"
        + "|[\u00E0-\u00E3][\u0080-\u0084\u0086-\u009F\u00A1-\u00BF] "
        + "|\u00F0 [\u0080-\u00BF][\u0080-\u00BF]|\u00F0[\u0080-\u00BF] [\u0080-\u00BF]|\u00F0[\u0080-\u00BF][\u0080-\u00BF] ")]
    private static partial Regex SpaceInCharacter();

    // Characters of UTF-8 in which a byte was lost: to a replacement character, or to a question mark.
    [GeneratedRegex("[\u00C2-\u00DF]\u001A|[\u00C2\u00C3]\\?"
        + "|\u00ED[\u00A0-\u00AF][\u001A?]\u00ED[\u00B0-\u00BF][\u001A?\u0080-\u00BF]|\u00ED[\u00A0-\u00AF][\u001A?\u0080-\u00BF]\u00ED[\u00B0-\u00BF][\u001A?]"
        + "|[\u00E0-\u00EF][\u001A?][\u001A\u0080-\u00BF]|[\u00E0-\u00EF][\u001A\u0080-\u00BF][\u001A?]"
        + "|[\u00F0-\u00F4][\u001A?][\u001A\u0080-\u00BF]{2}|[\u00F0-\u00F4][\u001A\u0080-\u00BF][\u001A?][\u001A\u0080-\u00BF]|[\u00F0-\u00F4][\u001A\u0080-\u00BF]{2}[\u001A?]"
        + "|\u001A")]
    private static partial Regex LostCharacter();
}
