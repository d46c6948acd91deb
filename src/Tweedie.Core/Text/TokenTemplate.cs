using System.Text.RegularExpressions;

namespace Tweedie.Text;

/// <summary>
/// A text with gaps to fill: <c>[___]</c> is a gap of as many tokens as it has underscores. Three dots at the end let the text go on behind it.
/// </summary>
/// <param name="Places">The token at each place; null in a gap.</param>
/// <param name="GoesOn">Whether the text may go on behind its last place.</param>
public sealed partial record TokenTemplate(IReadOnlyList<int?> Places, bool GoesOn = false)
{
    private const string Onward = "...";

    /// <summary>Reads a template.</summary>
    /// <param name="text">The text.</param>
    /// <param name="tokenizer">The tokenizer of the model that fills it.</param>
    /// <exception cref="TweedieException">The text has nothing to fill, or a piece of it is not in the vocabulary.</exception>
    public static TokenTemplate Parse(string text, ITokenizer tokenizer)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(tokenizer);
        var goesOn = text.EndsWith(Onward, StringComparison.Ordinal);
        var (rest, places) = (goesOn ? text[..^Onward.Length] : text, new List<int?>());
        for (var at = 0; at < rest.Length;)
        {
            var gap = Gap().Match(rest, at);
            var end = gap.Success ? gap.Index : rest.Length;
            places.AddRange(Known(rest[at..end], tokenizer).Select(id => (int?)id));
            places.AddRange(Enumerable.Repeat<int?>(null, gap.Success ? gap.Length - 2 : 0));
            at = end + gap.Length;
        }
        if (!goesOn && !places.Contains(null))
            throw new TweedieException($"'{OneLine.Of(text)}': has no gap to fill; write a gap of n tokens as [___] with n underscores, or end with {Onward} to go on.");
        return new(places, goesOn);
    }

    /// <summary>The ids of a piece of text.</summary>
    /// <exception cref="TweedieException">A part of it is not in the vocabulary.</exception>
    public static IReadOnlyList<int> Known(string text, ITokenizer tokenizer)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(tokenizer);
        var ids = tokenizer.Encode(text);
        if (tokenizer.Special.Unknown is not { } unknown || !ids.Contains(unknown))
            return ids;
        var words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var word = words.FirstOrDefault(word => tokenizer.Encode(word).Contains(unknown)) ?? text;
        throw new TweedieException($"'{OneLine.Of(word)}': is not in the model's vocabulary; use other words.");
    }

    /// <summary>The tokens of a row that begins with the text; null where nothing is known.</summary>
    /// <param name="length">N.</param>
    /// <param name="end">The token that ends a text, which stands behind the last place unless the text goes on; null where texts have no end, so that the row goes on in any case.</param>
    /// <param name="padding">The token behind the end.</param>
    /// <exception cref="TweedieException">The text is longer than the row.</exception>
    public int?[] Row(int length, int? end = null, int? padding = null)
    {
        var (count, room) = (Places.Count, length - (end is null ? 0 : 1));
        if (count > room)
            throw new TweedieException($"The text has {count} tokens with its gaps, and the model has room for {room}; shorten it.");
        return [.. Enumerable.Range(0, length).Select(place => place < count ? Places[place] : end is null || GoesOn ? null : place == count ? end : padding)];
    }

    /// <summary>The gaps of a row that stand before its last known token, so that no text may end in them.</summary>
    /// <param name="row">The row, as <see cref="Row"/> gives it.</param>
    public static IEnumerable<int> GapsInside(int?[] row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return Enumerable.Range(0, Math.Max(0, Array.FindLastIndex(row, token => token is not null))).Where(place => row[place] is null);
    }

    [GeneratedRegex(@"\[_+\]")]
    private static partial Regex Gap();
}
