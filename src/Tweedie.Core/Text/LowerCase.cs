using System.Buffers;
using System.Globalization;
using System.Text;

namespace Tweedie.Text;

/// <summary>
/// Lower-casing with the special cases of the Unicode Standard, section 3.13, which <see cref="string.ToLowerInvariant"/> leaves out:
/// İ becomes i and a dot above, and a capital sigma at the end of a word becomes ς.
/// </summary>
internal static class LowerCase
{
    private const char CapitalSigma = 'Σ', FinalSigma = 'ς', SmallSigma = 'σ', CapitalDottedI = 'İ';

    // The word-break property calls these characters MidLetter, MidNumLet and Single_Quote; they do not end a word.
    private const string WithinWords = "'.:\u00B7\u0387\u055F\u05F4\u2018\u2019\u2024\u2027\uFE13\uFE52\uFE55\uFF07\uFF0E\uFF1A";

    /// <summary>The text in lower case. The text must be well-formed UTF-16.</summary>
    public static string Of(string text)
    {
        if (Ascii.IsValid(text))
            return text.ToLowerInvariant();
        var output = new StringBuilder(text.Length);
        for (var index = 0; index < text.Length;)
        {
            var rune = Rune.GetRuneAt(text, index);
            output.Append(rune.Value switch
            {
                CapitalDottedI => "i\u0307",
                CapitalSigma => IsFinal(text, index) ? FinalSigma.ToString() : SmallSigma.ToString(),
                _ => Rune.ToLowerInvariant(rune).ToString(),
            });
            index += rune.Utf16SequenceLength;
        }
        return output.ToString();
    }

    private static bool IsFinal(ReadOnlySpan<char> text, int index) => EndsCased(text[..index]) && !StartsCased(text[(index + 1)..]);

    private static bool EndsCased(ReadOnlySpan<char> before)
    {
        while (Rune.DecodeLastFromUtf16(before, out var rune, out var length) == OperationStatus.Done)
        {
            if (!IsIgnorable(rune))
                return IsCased(rune);
            before = before[..^length];
        }
        return false;
    }

    private static bool StartsCased(ReadOnlySpan<char> after)
    {
        while (Rune.DecodeFromUtf16(after, out var rune, out var length) == OperationStatus.Done)
        {
            if (!IsIgnorable(rune))
                return IsCased(rune);
            after = after[length..];
        }
        return false;
    }

    // Ordinal indicators, Roman numerals and circled letters have case without being cased letters.
    private static bool IsCased(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
        || rune.Value is 0xAA or 0xBA or (>= 0x2160 and <= 0x217F) or (>= 0x24B6 and <= 0x24E9) or (>= 0x1F130 and <= 0x1F189);

    private static bool IsIgnorable(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format
            or UnicodeCategory.ModifierLetter or UnicodeCategory.ModifierSymbol
        || (rune.IsBmp && WithinWords.Contains((char)rune.Value));
}
