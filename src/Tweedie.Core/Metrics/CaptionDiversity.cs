namespace Tweedie.Metrics;

/// <summary>How varied and how long the captions of a set are, without regard to references.</summary>
/// <param name="Captions">The number of captions.</param>
/// <param name="Empty">How many have no token.</param>
/// <param name="MeanLength">Mean number of tokens.</param>
/// <param name="LengthDeviation">Standard deviation of the number of tokens over the set.</param>
/// <param name="MinimumLength">Tokens of the shortest.</param>
/// <param name="MaximumLength">Tokens of the longest.</param>
/// <param name="Distinct1">Distinct-1 (Li et al. 2016): different words over all words of the set.</param>
/// <param name="Distinct2">Distinct-2: different bigrams over all bigrams of the set.</param>
/// <param name="VocabularySize">Different words in the set.</param>
/// <param name="DistinctCaptions">Different captions over all captions; 1 when no caption occurs twice.</param>
/// <param name="Repeats">Words that are the same as the word before them, over all words: what parallel decoding does wrong first.</param>
public sealed record CaptionDiversity(
    int Captions, int Empty, double MeanLength, double LengthDeviation, int MinimumLength, int MaximumLength,
    double Distinct1, double Distinct2, int VocabularySize, double DistinctCaptions, double Repeats)
{
    /// <summary>Measures a set of tokenized captions; every number of an empty set is 0.</summary>
    public static CaptionDiversity Of(IReadOnlyCollection<IReadOnlyList<string>> captions)
    {
        var lengths = captions.Select(tokens => tokens.Count).DefaultIfEmpty().ToArray();
        var mean = lengths.Average();
        var different = captions.Select(tokens => string.Join(' ', tokens)).Distinct(StringComparer.Ordinal).Count();
        return new CaptionDiversity(
            captions.Count, captions.Count(tokens => tokens.Count == 0),
            mean, Math.Sqrt(lengths.Average(length => (length - mean) * (length - mean))), lengths.Min(), lengths.Max(),
            Distinct(captions, 1), Distinct(captions, 2),
            captions.SelectMany(tokens => tokens).Distinct(StringComparer.Ordinal).Count(),
            (double)different / Math.Max(1, captions.Count),
            (double)captions.Sum(Repeated) / Math.Max(1, lengths.Sum()));
    }

    private static int Repeated(IReadOnlyList<string> tokens) => Enumerable.Range(1, Math.Max(0, tokens.Count - 1)).Count(i => tokens[i] == tokens[i - 1]);

    /// <summary>Distinct-n: different n-grams over all n-grams of a set; 0 where there is none.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="n"/> is not positive.</exception>
    public static double Distinct(IEnumerable<IReadOnlyList<string>> captions, int n)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(n, 1);
        var counts = captions.Select(tokens => NGrams.Count(tokens, n)).ToArray();
        var different = counts.SelectMany(grams => grams.Keys).Distinct(StringComparer.Ordinal).Count();
        return (double)different / Math.Max(1, counts.Sum(grams => grams.Values.Sum()));
    }
}
