namespace Tweedie.Text;

/// <summary>
/// Splits text as GPT-2 does (openai/gpt-2, <c>encoder.py</c>): contractions; runs of letters, of numbers and of other characters, each with the space
/// before it; and white space. Nothing is lost: the parts put together are the text. Works on code points.
/// </summary>
internal static class Gpt2Words
{
    private static readonly string[] Contractions = ["'s", "'t", "'re", "'ve", "'m", "'ll", "'d"];

    public static IEnumerable<string> Split(string text)
    {
        for (var start = 0; start < text.Length;)
        {
            var length = Array.Find(Contractions, part => string.CompareOrdinal(text, start, part, 0, part.Length) == 0)?.Length ?? LengthAt(text, start);
            yield return text.Substring(start, length);
            start += length;
        }
    }

    private static int LengthAt(string text, int start)
    {
        var first = text[start] == ' ' && start + 1 < text.Length ? start + 1 : start; // one space may begin a run
        var kind = CharacterKinds.At(text, first, out _);
        if (kind == CharacterKind.Space)
            return SpaceLength(text, start);
        return RunEnd(text, first, kind) - start;
    }

    // White space before a word leaves its last character to the word.
    private static int SpaceLength(string text, int start)
    {
        var end = RunEnd(text, start, CharacterKind.Space);
        return end < text.Length && end - start > 1 ? end - start - 1 : end - start;
    }

    private static int RunEnd(string text, int start, CharacterKind kind)
    {
        var end = start;
        while (end < text.Length && CharacterKinds.At(text, end, out var length) == kind)
            end += length;
        return end;
    }
}
