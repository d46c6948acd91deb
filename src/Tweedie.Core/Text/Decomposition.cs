using System.Collections.Frozen;
using System.Globalization;

namespace Tweedie.Text;

/// <summary>Canonical decomposition (Unicode Standard, section 3.7): a character as its base and its marks.</summary>
internal static class Decomposition
{
    // Hangul syllables decompose by arithmetic (section 3.12).
    public const int FirstSyllable = 0xAC00, LastSyllable = 0xD7A3, Leading = 0x1100, Vowel = 0x1161, Trailing = 0x11A7;
    public const int Leadings = 19, Vowels = 21, Trailings = 28;

    private const char ExcludedMark = '*';

    private static readonly FrozenDictionary<int, int[]> Table = EmbeddedTable.Read("Decompositions.txt")
        .ToFrozenDictionary(line => Code(line.Key), line => line.Value.EnumerateRunes().Select(rune => rune.Value).ToArray());

    /// <summary>The characters of two parts that composition makes, by their parts.</summary>
    public static FrozenDictionary<(int First, int Second), int> Compositions { get; } = EmbeddedTable.Read("Decompositions.txt")
        .Where(line => !line.Key.EndsWith(ExcludedMark))
        .Select(line => (Parts: Table[Code(line.Key)], Whole: Code(line.Key)))
        .ToFrozenDictionary(line => (line.Parts[0], line.Parts[1]), line => line.Whole);

    /// <summary>Appends the parts of a character that cannot be decomposed further; the character itself where it has none.</summary>
    public static void Append(int code, List<int> output)
    {
        if (Table.TryGetValue(code, out var parts))
            foreach (var part in parts)
                Append(part, output);
        else if (code is >= FirstSyllable and <= LastSyllable)
            AppendJamo(code - FirstSyllable, output);
        else
            output.Add(code);
    }

    private static void AppendJamo(int syllable, List<int> output)
    {
        output.Add(Leading + syllable / (Vowels * Trailings));
        output.Add(Vowel + syllable / Trailings % Vowels);
        if (syllable % Trailings is > 0 and var trailing)
            output.Add(Trailing + trailing);
    }

    private static int Code(string key) => int.Parse(key.AsSpan().TrimEnd(ExcludedMark), NumberStyles.HexNumber);
}
