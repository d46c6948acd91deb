namespace Tweedie.Text;

/// <summary>
/// CLIP's merge rules and the vocabulary they imply: the byte alphabet, the same characters at the end of a word, one entry per merge, and the
/// two special tokens.
/// </summary>
internal static class ClipMerges
{
    public const string EndOfWord = "</w>";
    public const string StartOfText = "<|startoftext|>";
    public const string EndOfText = "<|endoftext|>";
    public const string Header = "#version: 0.2";

    /// <summary>The number of rules that CLIP uses: 49,408 entries less 512 symbols and two special tokens. OpenAI's file has more rules after them.</summary>
    private const int MaximumRules = 49408 - 512 - 2;

    /// <summary>Reads the rules: a header, then two symbols per line, which the rules above that line can make.</summary>
    /// <exception cref="TweedieException">The file is missing or malformed; the message names the line.</exception>
    public static (IReadOnlyList<string> Rules, Vocabulary Vocabulary) Read(string path)
    {
        var lines = VocabularyFile.ReadLines(path, MaximumRules + 1);
        if (lines.Count == 0 || !lines[0].Contains("#version", StringComparison.Ordinal))
            throw new TweedieException($"{path}, line 1: not '{Header}'; is it a file of merge rules?");

        if (Path.GetExtension(path) == ".gz" && lines.Count <= MaximumRules)
            throw new TweedieException($"{path}, line {lines.Count}: ends before its {MaximumRules} rules: it is truncated, fetch it again.");

        List<string> entries = [.. ByteAlphabet.Characters().Select(symbol => symbol.ToString())];
        entries.AddRange(entries.Select(symbol => symbol + EndOfWord).ToArray());
        var ids = entries.Index().ToDictionary(entry => entry.Item, entry => entry.Index, StringComparer.Ordinal);

        var rules = lines.Skip(1).ToArray();
        for (var index = 0; index < rules.Length; index++)
        {
            if (rules[index].Split(' ') is not [var left, var right] || !ids.ContainsKey(left) || !ids.ContainsKey(right))
                throw new TweedieException(
                    $"{path}, line {index + 2}: '{OneLine.Of(rules[index])}' does not merge two known symbols; fetch the vocabulary again.");
            if (left.EndsWith(EndOfWord, StringComparison.Ordinal) || !ids.TryAdd(left + right, entries.Count))
                throw new TweedieException(
                    $"{path}, line {index + 2}: '{OneLine.Of(rules[index])}' makes no new symbol; fetch the vocabulary again.");
            entries.Add(left + right);
        }
        foreach (var special in (string[])[StartOfText, EndOfText])
        {
            ids[special] = entries.Count;
            entries.Add(special);
        }
        return (rules, new Vocabulary(path, entries, ids));
    }
}
