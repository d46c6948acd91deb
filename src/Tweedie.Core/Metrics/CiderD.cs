namespace Tweedie.Metrics;

/// <summary>
/// CIDEr-D (Vedantam et al. 2015, section 4): the tf-idf weighted n-grams that a candidate shares with its references, n = 1..4.
/// Document frequencies come from the references given, so scores of different sets of images cannot be compared.
/// </summary>
public sealed class CiderD
{
    private const int MaximumOrder = 4;
    private const double Sigma = 6, Scale = 10;

    private readonly Dictionary<string, int> _imagesWith = new(StringComparer.Ordinal);
    private readonly double _logImages;

    private CiderD(IReadOnlyCollection<TokenizedCaption> captions)
    {
        foreach (var caption in captions)
            foreach (var gram in caption.References.SelectMany(Grams).Distinct(StringComparer.Ordinal))
                _imagesWith[gram] = _imagesWith.GetValueOrDefault(gram) + 1;
        _logImages = Math.Log(captions.Count);
    }

    /// <summary>Each caption's score, in [0, 10]; the set's score is their mean.</summary>
    public static IReadOnlyList<double> Evaluate(IReadOnlyCollection<TokenizedCaption> captions)
    {
        var cider = new CiderD(captions);
        return [.. captions.Select(cider.Score)];
    }

    private double Score(TokenizedCaption caption)
    {
        var candidate = Vectors(caption.Candidate);
        return Scale * caption.References.Average(reference =>
        {
            // The reference implementation measures length in bigrams.
            var difference = Bigrams(caption.Candidate) - Bigrams(reference);
            var lengthPenalty = Math.Exp(-difference * difference / (2 * Sigma * Sigma));
            return lengthPenalty * candidate.Zip(Vectors(reference), Similarity).Average();
        });
    }

    /// <summary>The cosine of two vectors; a candidate's n-gram counts at most as much as in the reference.</summary>
    private static double Similarity(Dictionary<string, double> candidate, Dictionary<string, double> reference)
    {
        var product = candidate.Sum(gram => reference.TryGetValue(gram.Key, out var weight) ? Math.Min(gram.Value, weight) * weight : 0);
        var norms = Norm(candidate) * Norm(reference);
        return norms > 0 ? product / norms : product;
    }

    /// <summary>For each n, the n-grams' counts times ln(images / images with the n-gram).</summary>
    private Dictionary<string, double>[] Vectors(IReadOnlyList<string> tokens) =>
        [.. Enumerable.Range(1, MaximumOrder).Select(n => NGrams.Count(tokens, n).ToDictionary(
            gram => gram.Key,
            gram => gram.Value * (_logImages - Math.Log(Math.Max(1, _imagesWith.GetValueOrDefault(gram.Key)))),
            StringComparer.Ordinal))];

    private static IEnumerable<string> Grams(IReadOnlyList<string> tokens) =>
        Enumerable.Range(1, MaximumOrder).SelectMany(n => NGrams.Count(tokens, n).Keys);

    private static double Norm(Dictionary<string, double> vector) => Math.Sqrt(vector.Values.Sum(weight => weight * weight));

    private static double Bigrams(IReadOnlyList<string> tokens) => Math.Max(0, tokens.Count - 1);
}
