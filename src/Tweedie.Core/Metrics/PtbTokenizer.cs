using System.Collections.Frozen;

namespace Tweedie.Metrics;

/// <summary>
/// Splits captions in the manner of the Penn Treebank, in lower case and without punctuation, as caption scores expect them (Chen et al. 2015,
/// section 3.2, which uses Stanford's tokenizer, version 3.4.1). At each place the rule that matches the most characters wins (<see cref="PtbRules"/>).
/// </summary>
internal static class PtbTokenizer
{
    // What the official caption scores remove. Their list has brackets in upper case, so that the brackets of a lower-case text stay.
    private static readonly FrozenSet<string> Dropped =
        FrozenSet.Create("''", "'", "``", "`", ".", "?", "!", ",", ":", "-", "--", "...", ";");

    /// <summary>The tokens of a caption. Brackets, symbols and runs of ! and ? stay, other punctuation is removed.</summary>
    public static IReadOnlyList<string> Tokenize(string caption)
    {
        var text = caption.Replace('\r', ' ').Replace('\n', ' ');
        var tokens = new List<string>();
        for (var at = 0; at < text.Length;)
        {
            if (text[at] == ' ')
            {
                at++;
                continue;
            }
            var (token, length) = Plain(text, at) ?? PtbRules.Next(text, at);
            at += length;
            var lower = Lower(token);
            if (lower.Length > 0 && !Dropped.Contains(lower))
                tokens.Add(lower);
        }
        return tokens;
    }

    // Nearly all words are ASCII letters up to a space or a comma. No rule but that of contractions matches anything else there. It is tried first
    // because it is fast.
    private static (string, int)? Plain(string text, int at)
    {
        var end = at;
        while (end < text.Length && char.IsAsciiLetter(text[end]))
            end++;
        if (end == at || text.AsSpan(end) is not ([] or [' ', ..] or [',', ' ', ..]))
            return null;
        var word = text[at..end];
        return PtbRules.IsContraction(word) ? null : (word, word.Length);
    }

    // The dotted capital I keeps its dot in lower case, as two characters.
    private static string Lower(string token) => token.Replace("\u0130", "i\u0307").ToLowerInvariant();
}
