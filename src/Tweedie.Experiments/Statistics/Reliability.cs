namespace Tweedie.Experiments.Statistics;

/// <summary>A reliability diagram: predictions by confidence, in equal bins over 0..1 (Guo et al. 2017).</summary>
/// <param name="Bins">The bins, from 0 to 1.</param>
public sealed record Reliability(IReadOnlyList<ReliabilityBin> Bins)
{
    private const int BinCount = 15;

    /// <summary>Sorts predictions into bins.</summary>
    /// <param name="confidences">The probability of each prediction.</param>
    /// <param name="correct">Whether it is right.</param>
    public static Reliability Of(IEnumerable<float> confidences, IEnumerable<bool> correct)
    {
        var bins = new ReliabilityBin[BinCount];
        Array.Fill(bins, new ReliabilityBin(0, 0, 0));
        foreach (var (confidence, right) in confidences.Zip(correct))
        {
            ref var bin = ref bins[Math.Clamp((int)(confidence * BinCount), 0, BinCount - 1)];
            bin = new(bin.Count + 1, bin.Confidence + confidence, bin.Correct + (right ? 1 : 0));
        }
        return new(bins);
    }

    /// <summary>The predictions of several seeds in one diagram.</summary>
    public static Reliability Sum(IEnumerable<Reliability> parts) => parts.Aggregate((first, second) => new([.. first.Bins.Zip(second.Bins,
        (a, b) => new ReliabilityBin(a.Count + b.Count, a.Confidence + b.Confidence, a.Correct + b.Correct))]));

    /// <summary>The expected calibration error: the mean gap between confidence and accuracy, weighted by the bins' counts.</summary>
    public double CalibrationError => Bins.Sum(bin => Math.Abs(bin.Correct - bin.Confidence)) / Bins.Sum(bin => bin.Count);
}
