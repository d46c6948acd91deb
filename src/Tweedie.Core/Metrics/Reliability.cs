namespace Tweedie.Metrics;

/// <summary>A reliability diagram: predictions by confidence, in equal bins over 0..1 (Guo et al. 2017).</summary>
/// <param name="Bins">The bins, from 0 to 1.</param>
public sealed record Reliability(IReadOnlyList<Reliability.Bin> Bins)
{
    private const int BinCount = 15;

    /// <summary>Predictions of about the same confidence.</summary>
    /// <param name="Count">How many.</param>
    /// <param name="Confidence">The sum of their probabilities.</param>
    /// <param name="Correct">How many are right.</param>
    public sealed record Bin(int Count, double Confidence, int Correct);

    /// <summary>Sorts predictions into bins.</summary>
    /// <param name="confidences">The probability of each prediction, 0 to 1.</param>
    /// <param name="correct">Whether it is right.</param>
    public static Reliability Of(IEnumerable<float> confidences, IEnumerable<bool> correct)
    {
        ArgumentNullException.ThrowIfNull(confidences);
        ArgumentNullException.ThrowIfNull(correct);
        var bins = new Bin[BinCount];
        Array.Fill(bins, new Bin(0, 0, 0));
        foreach (var (confidence, right) in confidences.Zip(correct))
        {
            ref var bin = ref bins[Math.Clamp((int)(confidence * BinCount), 0, BinCount - 1)];
            bin = new(bin.Count + 1, bin.Confidence + confidence, bin.Correct + (right ? 1 : 0));
        }
        return new(bins);
    }

    /// <summary>The predictions of several sets in one diagram.</summary>
    public static Reliability Sum(IEnumerable<Reliability> parts) => parts.Aggregate((first, second) => new([.. first.Bins.Zip(second.Bins,
        (a, b) => new Bin(a.Count + b.Count, a.Confidence + b.Confidence, a.Correct + b.Correct))]));

    /// <summary>
    /// The expected calibration error, 0 to 1: the mean gap between confidence and accuracy, weighted by the bins' counts; NaN where there is no prediction.
    /// </summary>
    public double CalibrationError => Bins.Sum(bin => Math.Abs(bin.Correct - bin.Confidence)) / Bins.Sum(bin => bin.Count);
}
