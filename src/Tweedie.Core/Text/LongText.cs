namespace Tweedie.Text;

/// <summary>Writes texts of any length by a model of rows of N tokens: part by part. The second half of what there is stays, and the text goes on from it.</summary>
public static class LongText
{
    /// <summary>Makes a part of several texts.</summary>
    /// <param name="begin">What the rows begin with: for each text as many ids, 0 to N − 1.</param>
    /// <param name="part">The number of the part, from 0.</param>
    /// <returns>The rows of N ids.</returns>
    public delegate IReadOnlyList<int[]> Part(int[][] begin, int part);

    /// <summary>Writes texts.</summary>
    /// <param name="tokenizer">The vocabulary.</param>
    /// <param name="rowLength">N.</param>
    /// <param name="count">How many, at least 1.</param>
    /// <param name="prompt">What each text begins with.</param>
    /// <param name="length">The tokens of a text with its prompt, at least 1; N if null.</param>
    /// <param name="next">Makes a part.</param>
    /// <exception cref="TweedieException">The prompt leaves no room in N tokens, or is not in the vocabulary.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is not positive.</exception>
    public static IReadOnlyList<string> Write(ITokenizer tokenizer, int rowLength, int count, string prompt, int? length, Part next) =>
        [.. WriteTokens(tokenizer, rowLength, count, prompt, length, next).Select(tokenizer.Decode)];

    /// <summary>Writes texts, as the ids of their tokens.</summary>
    /// <param name="tokenizer">The vocabulary.</param>
    /// <param name="rowLength">N.</param>
    /// <param name="count">How many, at least 1.</param>
    /// <param name="prompt">What each text begins with.</param>
    /// <param name="length">The tokens of a text with its prompt, at least 1; N if null.</param>
    /// <param name="next">Makes a part.</param>
    /// <param name="written">Is called after each part with what there is of each text; null where nobody wants to know.</param>
    /// <exception cref="TweedieException">The prompt leaves no room in N tokens, or is not in the vocabulary.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is not positive.</exception>
    public static IReadOnlyList<IReadOnlyList<int>> WriteTokens(
        ITokenizer tokenizer, int rowLength, int count, string prompt, int? length, Part next, Action<IReadOnlyList<IReadOnlyList<int>>>? written = null)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentNullException.ThrowIfNull(prompt);
        ArgumentNullException.ThrowIfNull(next);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var tokens = length ?? rowLength;
        ArgumentOutOfRangeException.ThrowIfLessThan(tokens, 1, nameof(length));
        var begin = Prompt(prompt, tokenizer, rowLength);
        var texts = Enumerable.Repeat<IReadOnlyList<int>>(begin, count).ToList();
        for (var part = 0; part == 0 || texts[0].Count < tokens; part++)
        {
            var kept = part == 0 ? begin.Count : rowLength / 2;
            var rows = next([.. texts.Select(text => text.TakeLast(kept).ToArray())], part);
            texts = [.. texts.Select((text, i) => (IReadOnlyList<int>)[.. text, .. rows[i].Skip(kept)])];
            written?.Invoke([.. texts.Select(text => text.Take(tokens).ToArray())]);
        }
        return [.. texts.Select(text => text.Take(tokens).ToArray())];
    }

    /// <summary>In how many parts a text is written.</summary>
    /// <param name="rowLength">N, at least 1.</param>
    /// <param name="length">The tokens of the text with its prompt.</param>
    public static int Parts(int rowLength, int length) =>
        length <= rowLength ? 1 : 1 + (int)Math.Ceiling((length - rowLength) / (double)(rowLength - rowLength / 2));

    /// <summary>The ids of a prompt, which leave room for at least one more in a row.</summary>
    /// <param name="prompt">The prompt; it may be empty.</param>
    /// <param name="tokenizer">The vocabulary.</param>
    /// <param name="rowLength">N.</param>
    /// <exception cref="TweedieException">The prompt leaves no room, or is not in the vocabulary.</exception>
    public static IReadOnlyList<int> Prompt(string prompt, ITokenizer tokenizer, int rowLength)
    {
        var begin = TokenTemplate.Known(prompt, tokenizer);
        return begin.Count < rowLength ? begin
            : throw new TweedieException($"The prompt has {begin.Count} tokens, and the model has {rowLength} in all; give at most {rowLength - 1}.");
    }
}
