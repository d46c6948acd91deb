using System.Globalization;
using System.Text;

namespace Tweedie.Text;

/// <summary>The kinds of characters that the patterns of byte-level BPE tell apart.</summary>
internal enum CharacterKind
{
    /// <summary>White space.</summary>
    Space,
    /// <summary>A letter.</summary>
    Letter,
    /// <summary>A digit or another number.</summary>
    Number,
    /// <summary>Anything else.</summary>
    Other,
}

/// <summary>Finds the kind of a character of a text, by code points.</summary>
internal static class CharacterKinds
{
    /// <summary>The kind of the character that begins at an index.</summary>
    /// <param name="text">Well-formed text.</param>
    /// <param name="index">The index.</param>
    /// <param name="length">The character's UTF-16 units.</param>
    public static CharacterKind At(string text, int index, out int length)
    {
        var rune = Rune.GetRuneAt(text, index);
        length = rune.Utf16SequenceLength;
        if (Rune.IsWhiteSpace(rune))
            return CharacterKind.Space;
        return Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
                or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter => CharacterKind.Letter,
            UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => CharacterKind.Number,
            _ => CharacterKind.Other,
        };
    }
}
