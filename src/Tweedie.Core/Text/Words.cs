using System.Globalization;
using System.Text;

namespace Tweedie.Text;

/// <summary>Splits text into lower-cased runs of letters, marks and digits, and into single characters for everything else but space.</summary>
internal static class Words
{
    public static IEnumerable<string> Split(string text)
    {
        var word = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            var isWord = Rune.IsLetterOrDigit(rune) || IsMark(rune);
            if (!isWord && word.Length > 0)
            {
                yield return word.ToString();
                word.Clear();
            }
            if (isWord)
                word.Append(Rune.ToLowerInvariant(rune).ToString());
            else if (!Rune.IsWhiteSpace(rune) && !Rune.IsControl(rune))
                yield return rune.ToString();
        }
        if (word.Length > 0)
            yield return word.ToString();
    }

    private static bool IsMark(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;
}
