namespace Tweedie.Metrics;

/// <summary>BLEU-1..4 over a set of captions (Papineni et al. 2002), as coco-caption counts it.</summary>
public static class Bleu
{
    private const int MaximumOrder = 4;

    /// <summary>The counts over all captions; a single caption's score comes from a set of one.</summary>
    public static BleuStatistics Evaluate(IEnumerable<TokenizedCaption> captions)
    {
        long candidateLength = 0, referenceLength = 0;
        long[] guessed = new long[MaximumOrder], correct = new long[MaximumOrder];
        foreach (var (candidate, references) in captions)
        {
            candidateLength += candidate.Count;
            referenceLength += references.Select(reference => reference.Count)
                .MinBy(length => (Math.Abs(length - candidate.Count), length));
            for (var n = 1; n <= MaximumOrder; n++)
            {
                guessed[n - 1] += Math.Max(0, candidate.Count - n + 1);
                correct[n - 1] += Clipped(candidate, references, n);
            }
        }
        return new BleuStatistics(candidateLength, referenceLength, guessed, correct);
    }

    private static int Clipped(IReadOnlyList<string> candidate, IReadOnlyList<IReadOnlyList<string>> references, int n)
    {
        var inReferences = references.Select(reference => NGrams.Count(reference, n)).ToArray();
        return NGrams.Count(candidate, n).Sum(gram => Math.Min(gram.Value, inReferences.Max(counts => counts.GetValueOrDefault(gram.Key))));
    }
}
