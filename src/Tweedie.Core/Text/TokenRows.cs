namespace Tweedie.Text;

/// <summary>Rows of a fixed number of ids, which is what a network takes and predicts.</summary>
public static class TokenRows
{
    /// <summary>
    /// The text as exactly <paramref name="length"/> ids: start token (where the vocabulary has one and it is asked for), the text's ids,
    /// end token, padding. A text that is too long is cut; its last id is still the end token.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The length is not positive.</exception>
    public static int[] EncodeRow(this ITokenizer tokenizer, string text, int length, bool withStart = true)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        var special = tokenizer.Special;
        List<int> ids = withStart && special.Start is { } start ? [start] : [];
        ids.AddRange(tokenizer.Encode(text));

        var row = new int[length];
        Array.Fill(row, special.Padding);
        var kept = Math.Min(ids.Count, length - 1);
        ids.CopyTo(0, row, 0, kept);
        row[kept] = special.End;
        return row;
    }

    /// <summary>The text of a row: the part before the first end token, without start token and padding, with a sentence's usual spaces.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An id lies outside the vocabulary.</exception>
    public static string DecodeRow(this ITokenizer tokenizer, IEnumerable<int> row)
    {
        var special = tokenizer.Special;
        var ids = row.TakeWhile(id => id != special.End)
            .Where(id => id != special.Start && (id != special.Padding || special.PaddingIsOrdinary));
        return Sentence.Join(tokenizer.Decode([.. ids]).Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }
}
