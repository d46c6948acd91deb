using Tweedie.Text;

namespace Tweedie.Web.Models;

/// <summary>Entries of a vocabulary as a reader sees them.</summary>
internal static class TokenWords
{
    /// <summary>The text of an entry; an entry that has none by itself, such as a part of a character, as it stands in the vocabulary.</summary>
    public static string Of(ITokenizer tokenizer, long id)
    {
        var text = tokenizer.Decode([(int)id]);
        return text.Length == 0 || text.Contains('\uFFFD') ? tokenizer.Token((int)id) : text;
    }
}
