using System.Globalization;
using System.Text;

namespace Tweedie.Text;

/// <summary>
/// Splits text into the words that BERT's uncased WordPiece spells: lower-cased, without control characters and accents, with each ideograph
/// and punctuation mark by itself (google-research/bert, <c>BasicTokenizer</c>).
/// </summary>
internal static class BertWords
{
    public static IEnumerable<string> Split(string text)
    {
        var clean = Clean(text);
        var word = new StringBuilder();
        foreach (var rune in Simplify(clean).EnumerateRunes())
        {
            var isAlone = IsPunctuation(rune);
            if (word.Length > 0 && (isAlone || Rune.IsWhiteSpace(rune)))
            {
                yield return word.ToString();
                word.Clear();
            }
            if (isAlone)
                yield return rune.ToString();
            else if (!Rune.IsWhiteSpace(rune))
                word.Append(rune.ToString());
        }
        if (word.Length > 0)
            yield return word.ToString();
    }

    private static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (IsDropped(rune))
                continue;
            if (IsIdeograph(rune.Value))
                clean.Append(' ').Append(rune.ToString()).Append(' ');
            else
                clean.Append(rune.ToString());
        }
        return clean.ToString();
    }

    private static string Simplify(string text)
    {
        var simple = new StringBuilder(text.Length);
        foreach (var rune in LowerCase.Of(text).EnumerateRunes())
            BaseCharacters.Append(rune, simple);
        return simple.ToString();
    }

    // An unpaired surrogate enumerates as U+FFFD, so it is dropped too.
    private static bool IsDropped(Rune rune) =>
        rune.Value is 0 or 0xFFFD
        || (rune.Value is not ('\t' or '\n' or '\r') && Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format);

    private static bool IsIdeograph(int value) => value
        is (>= 0x4E00 and <= 0x9FFF) or (>= 0x3400 and <= 0x4DBF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x20000 and <= 0x2A6DF)
        or (>= 0x2A700 and <= 0x2B73F) or (>= 0x2B740 and <= 0x2B81F) or (>= 0x2B820 and <= 0x2CEAF) or (>= 0x2F800 and <= 0x2FA1F);

    private static bool IsPunctuation(Rune rune) => rune.IsAscii
        ? rune.Value is > 0x20 and < 0x7F && !Rune.IsLetterOrDigit(rune)
        : Rune.IsPunctuation(rune);
}
