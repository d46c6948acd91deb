using System.Globalization;
using System.Text;

namespace Tweedie.Text;

/// <summary>Writes each character so that it can be seen and stands on one line: as itself, as <c>\n</c>, <c>\r</c>, <c>\t</c> or <c>\\</c>, or as <c>\u{20}</c>.</summary>
internal static class VisibleCharacter
{
    private const string Prefix = "\\u{";

    /// <summary>The visible form of a character.</summary>
    public static string Write(Rune character) => character.Value switch
    {
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        '\\' => "\\\\",
        _ => IsVisible(character) ? character.ToString() : string.Create(CultureInfo.InvariantCulture, $"{Prefix}{character.Value:X}}}"),
    };

    /// <summary>The character of a visible form; null where the text is none.</summary>
    public static Rune? Parse(string text)
    {
        switch (text)
        {
            case "\\n": return new Rune('\n');
            case "\\r": return new Rune('\r');
            case "\\t": return new Rune('\t');
            case "\\\\": return new Rune('\\');
        }
        if (text.StartsWith(Prefix, StringComparison.Ordinal))
            return text.EndsWith('}') && int.TryParse(text[Prefix.Length..^1], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) && Rune.IsValid(value)
                ? new Rune(value) : null;
        return Rune.TryGetRuneAt(text, 0, out var character) && character.Utf16SequenceLength == text.Length ? character : null;
    }

    private static bool IsVisible(Rune character) => Rune.GetUnicodeCategory(character) is not (UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.NonSpacingMark
        or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.Surrogate);
}
