using System.Globalization;
using System.Text;

namespace Tweedie.Text;

/// <summary>Removes accents: the canonical decomposition (NFD) without its nonspacing marks (category Mn).</summary>
internal static class BaseCharacters
{
    /// <summary>Appends what remains of a character: itself, its base letters, its jamo, or nothing.</summary>
    public static void Append(Rune rune, StringBuilder output)
    {
        if (rune.IsAscii)
        {
            output.Append((char)rune.Value);
            return;
        }
        var parts = new List<int>(4);
        Decomposition.Append(rune.Value, parts);
        foreach (var part in parts)
            if (CharUnicodeInfo.GetUnicodeCategory(part) != UnicodeCategory.NonSpacingMark)
                output.Append(new Rune(part).ToString());
    }
}
