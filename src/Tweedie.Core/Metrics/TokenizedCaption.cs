namespace Tweedie.Metrics;

/// <summary>A generated caption and the human captions of the same image, as tokens (see <see cref="PtbTokenizer"/>).</summary>
/// <param name="Candidate">The tokens of the generated caption; may be empty.</param>
/// <param name="References">The tokens of each human caption; at least one caption.</param>
public sealed record TokenizedCaption(IReadOnlyList<string> Candidate, IReadOnlyList<IReadOnlyList<string>> References)
{
    /// <summary>Tokenizes a caption and its references.</summary>
    /// <exception cref="TweedieException">There is no reference.</exception>
    public static TokenizedCaption Of(string candidate, IEnumerable<string> references)
    {
        IReadOnlyList<string>[] tokens = [.. references.Select(PtbTokenizer.Tokenize)];
        return tokens.Length > 0
            ? new TokenizedCaption(PtbTokenizer.Tokenize(candidate), tokens)
            : throw new TweedieException($"The caption '{OneLine.Of(candidate)}' has no reference caption; caption metrics need at least one.");
    }
}
