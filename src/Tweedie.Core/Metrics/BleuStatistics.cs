namespace Tweedie.Metrics;

/// <summary>
/// BLEU's counts, summed over captions, and the scores they give (Papineni et al. 2002). The constants against division by zero are those
/// of coco-caption, so that scores agree to the last digit.
/// </summary>
/// <param name="CandidateLength">Tokens in the candidates.</param>
/// <param name="ReferenceLength">Tokens in the references; for each caption, only the reference closest in length counts (of two equally close ones, the shorter).</param>
/// <param name="Guessed">Candidate n-grams, n = 1..4.</param>
/// <param name="Correct">Candidate n-grams that occur in a reference, each counted at most as often as in the reference that has it most often.</param>
public sealed record BleuStatistics(
    long CandidateLength, long ReferenceLength, IReadOnlyList<long> Guessed, IReadOnlyList<long> Correct)
{
    private const double Tiny = 1e-15, Small = 1e-9;

    /// <summary>Candidate length over reference length.</summary>
    public double LengthRatio => (CandidateLength + Tiny) / (ReferenceLength + Small);

    /// <summary>The score BLEU-n: the geometric mean of the precisions of 1..n, times exp(1 − 1/ratio) where candidates are short.</summary>
    /// <param name="n">1..4.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="n"/> is not a length that was counted.</exception>
    public double Score(int n)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(n, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(n, Correct.Count);
        var product = 1.0;
        for (var order = 0; order < n; order++)
            product *= (Correct[order] + Tiny) / (Guessed[order] + Small);
        var brevityPenalty = LengthRatio < 1 ? Math.Exp(1 - 1 / LengthRatio) : 1;
        return Math.Pow(product, 1.0 / n) * brevityPenalty;
    }
}
