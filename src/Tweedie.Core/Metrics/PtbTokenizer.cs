using System.Text.RegularExpressions;

namespace Tweedie.Metrics;

/// <summary>
/// Splits captions in the manner of the Penn Treebank, lower-cased and without punctuation, as caption scores expect them
/// (Chen et al. 2015, section 3.2, which uses Stanford's tokenizer). It reproduces that tokenizer on captions; it is not a complete copy.
/// </summary>
internal static partial class PtbTokenizer
{
    private static readonly HashSet<string> Dropped =
        ["''", "'", "``", "`", "\"", ".", "?", "!", ",", ":", "-", "--", "...", ";"];

    /// <summary>The tokens of a caption; brackets, &amp; and currency signs stay, other punctuation is removed.</summary>
    public static IReadOnlyList<string> Tokenize(string caption)
    {
        var text = caption.ToLowerInvariant();
        text = Marks().Replace(text, " $0 ");
        text = FinalStop().Replace(text, " .");
        text = Clitic().Replace(text, " $0");
        text = LooseQuote().Replace(text, " ' ");
        return [.. text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Where(token => !IsDropped(token))];
    }

    /// <summary>Marks that always stand alone; a comma or colon between digits is part of a number.</summary>
    [GeneratedRegex(@"\.{3}|-{2,}|[;?!""`()\[\]{}<>&$#%@]|[,:](?![0-9])|(?<![0-9])[,:]", RegexOptions.CultureInvariant)]
    private static partial Regex Marks();

    /// <summary>A full stop that ends a word, but is not the end of an ellipsis.</summary>
    [GeneratedRegex(@"(?<!\.\.)\.(?=\s|$)", RegexOptions.CultureInvariant)]
    private static partial Regex FinalStop();

    /// <summary>A contraction that is attached to the word before it.</summary>
    [GeneratedRegex(@"(?<=\w)n't\b|(?<=\w)'(?:s|re|ve|ll|d|m)\b", RegexOptions.CultureInvariant)]
    private static partial Regex Clitic();

    /// <summary>A quotation mark: an apostrophe that has no letter on one of its sides and does not begin a clitic.</summary>
    [GeneratedRegex(@"'(?!\w)|(?<![\w\s])'|(?<=^|\s)'(?!(?:s|re|ve|ll|d|m)\b)", RegexOptions.CultureInvariant)]
    private static partial Regex LooseQuote();

    private static bool IsDropped(string token) => Dropped.Contains(token) || token.AsSpan().Trim('-').IsEmpty;
}
