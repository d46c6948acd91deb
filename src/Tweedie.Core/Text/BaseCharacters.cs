using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace Tweedie.Text;

/// <summary>Removes accents: the canonical decomposition (NFD) without its nonspacing marks (category Mn).</summary>
internal static class BaseCharacters
{
    // Hangul syllables decompose by arithmetic (Unicode Standard, section 3.12).
    private const int FirstSyllable = 0xAC00, LastSyllable = 0xD7A3, Leading = 0x1100, Vowel = 0x1161, Trailing = 0x11A7;
    private const int Vowels = 21, Trailings = 28;

    private static readonly FrozenDictionary<int, string> Table = EmbeddedTable.Read("BaseCharacters.txt")
        .ToFrozenDictionary(line => int.Parse(line.Key, NumberStyles.HexNumber), line => line.Value);

    /// <summary>Appends what remains of a character: itself, its base letters, its jamo, or nothing.</summary>
    public static void Append(Rune rune, StringBuilder output)
    {
        if (rune.IsAscii)
            output.Append((char)rune.Value);
        else if (Table.TryGetValue(rune.Value, out var remains))
            output.Append(remains);
        else if (rune.Value is >= FirstSyllable and <= LastSyllable)
            AppendJamo(rune.Value - FirstSyllable, output);
        else if (Rune.GetUnicodeCategory(rune) != UnicodeCategory.NonSpacingMark)
            output.Append(rune.ToString());
    }

    private static void AppendJamo(int syllable, StringBuilder output)
    {
        output.Append((char)(Leading + syllable / (Vowels * Trailings)));
        output.Append((char)(Vowel + syllable / Trailings % Vowels));
        if (syllable % Trailings is > 0 and var trailing)
            output.Append((char)(Trailing + trailing));
    }
}
