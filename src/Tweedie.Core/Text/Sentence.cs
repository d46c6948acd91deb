using System.Text;

namespace Tweedie.Text;

/// <summary>Joins words and punctuation into a sentence with the usual spaces.</summary>
internal static class Sentence
{
    private const string Closing = ".,!?;:)]}%";
    private const string Opening = "([{";

    private static readonly string[] Contractions = ["s", "t", "re", "ve", "m", "ll", "d"];

    /// <summary>Joins <c>the dog ' s t - shirt .</c> to <c>the dog's t-shirt.</c>; splitting at punctuation gives the same words back.</summary>
    public static string Join(IReadOnlyList<string> words)
    {
        var sentence = new StringBuilder();
        for (var index = 0; index < words.Count; index++)
        {
            if (index > 0 && !IsGlued(words, index))
                sentence.Append(' ');
            sentence.Append(words[index]);
        }
        return sentence.ToString();
    }

    /// <summary>Whether no space stands before a word.</summary>
    private static bool IsGlued(IReadOnlyList<string> words, int index) =>
        IsOneOf(words[index], Closing) || IsOneOf(words[index - 1], Opening) || IsLink(words, index) || IsLink(words, index - 1)
        || (char.IsLetterOrDigit(words[index - 1][^1]) && words[index][0] == '\'' && Contractions.Contains(words[index][1..]));

    /// <summary>Whether a word is a hyphen or slash between two words, or the apostrophe of a contraction or possessive.</summary>
    private static bool IsLink(IReadOnlyList<string> words, int index) =>
        index > 0 && index + 1 < words.Count
        && char.IsLetterOrDigit(words[index - 1][^1])
        && words[index] switch
        {
            "-" or "/" => char.IsLetterOrDigit(words[index + 1][0]),
            "'" => Contractions.Contains(words[index + 1]),
            _ => false,
        };

    private static bool IsOneOf(string word, string characters) => word.Length == 1 && characters.Contains(word[0]);
}
