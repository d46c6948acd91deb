using System.Text;

namespace Tweedie.Text;

/// <summary>
/// Splits text as CLIP does (openai/CLIP, <c>simple_tokenizer.py</c>). The text is repaired (<see cref="TextRepair"/>), HTML entities are decoded twice, and
/// it is lower-cased; then it is split into special tokens, contractions, runs of letters, single digits and runs of anything else. Works on code points.
/// </summary>
internal static class ClipWords
{
    private const char LongS = 'ſ';

    // When case is ignored, this mark is an iota, so CLIP's pattern takes it neither for a letter nor for anything else, and drops it.
    private const int IotaSubscript = 0x0345;

    private static readonly string[] Whole =
        [ClipMerges.StartOfText, ClipMerges.EndOfText, "'s", "'t", "'re", "'ve", "'m", "'ll", "'d"];

    public static IEnumerable<string> Split(string text)
    {
        var clean = Clean(text);
        // CLIP's pattern ignores case, and then a long s is an s.
        var folded = clean.Replace(LongS, 's');
        for (var start = 0; start < clean.Length;)
        {
            var kind = KindAt(clean, start, out var length);
            if (Array.Find(Whole, whole => string.CompareOrdinal(folded, start, whole, 0, whole.Length) == 0) is { } found)
                length = found.Length;
            else if (kind is CharacterKind.Letter or CharacterKind.Other)
                while (start + length < clean.Length && KindAt(clean, start + length, out var next) == kind)
                    length += next;
            if (kind != CharacterKind.Space)
                yield return clean.Substring(start, length);
            start += length;
        }
    }

    private static string Clean(string text)
    {
        // Unpaired surrogates cannot be spelt in UTF-8.
        var wellFormed = Encoding.Unicode.GetString(Encoding.Unicode.GetBytes(text));
        var plain = HtmlEntities.Decode(HtmlEntities.Decode(TextRepair.Of(wellFormed))).AsSpan();
        while (plain.Length > 0 && IsStripped(plain[0]))
            plain = plain[1..];
        while (plain.Length > 0 && IsStripped(plain[^1]))
            plain = plain[..^1];
        return LowerCase.Of(plain.ToString());
    }

    // Python strips the information separators too, although inside a text they are not space.
    private static bool IsStripped(char character) => char.IsWhiteSpace(character) || character is >= '\x1C' and <= '\x1F';

    private static CharacterKind KindAt(string text, int index, out int length)
    {
        var kind = CharacterKinds.At(text, index, out length);
        return text[index] == IotaSubscript ? CharacterKind.Space : kind;
    }
}
