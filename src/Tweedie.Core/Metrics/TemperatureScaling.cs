namespace Tweedie.Metrics;

/// <summary>
/// Temperature scaling (Guo et al. 2017): p′ ∝ p^(1/T). A temperature above 1 makes a distribution flatter, one below 1 sharper. The order of the classes
/// stays, so no choice changes.
/// </summary>
public static class TemperatureScaling
{
    /// <summary>The lowest and the highest temperature that <see cref="Fit"/> gives.</summary>
    public const double Lowest = 0.05, Highest = 20;

    // Smaller probabilities count as this one: a class that was ruled out by mistake in one image would else decide the temperature alone.
    private const double Floor = 1e-12;

    private const int Halvings = 50;

    /// <summary>Replaces n distributions over K classes, one after the other, by the scaled ones.</summary>
    /// <param name="probabilities">The distributions, n·K numbers.</param>
    /// <param name="classes">K.</param>
    /// <param name="temperature">T, positive; 1 changes nothing but probabilities below 10⁻¹².</param>
    /// <exception cref="ArgumentOutOfRangeException">K or T is not positive, or the numbers are not whole distributions.</exception>
    public static void Apply(Span<float> probabilities, int classes, double temperature)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(temperature);
        for (var start = 0; start < probabilities.Length; start += classes)
            ApplyOne(probabilities.Slice(start, classes), temperature);
    }

    /// <summary>
    /// The temperature with the lowest mean cross-entropy of the labels, which is convex in 1/T. The targets are smoothed by 1/(n + 2) over the classes, as
    /// in Platt (1999): where all of few predictions are right, the temperature stays away from 0.
    /// </summary>
    /// <param name="probabilities">The distributions of n items, one after the other: n·K numbers.</param>
    /// <param name="labels">The n labels, 0 to K − 1.</param>
    /// <returns>T, from <see cref="Lowest"/> to <see cref="Highest"/>.</returns>
    /// <exception cref="ArgumentException">There is no label, or the distributions are not n·K numbers.</exception>
    public static double Fit(ReadOnlySpan<float> probabilities, ReadOnlySpan<int> labels)
    {
        if (labels.IsEmpty || probabilities.Length == 0 || probabilities.Length % labels.Length != 0)
            throw new ArgumentException($"{probabilities.Length} probabilities are no distributions of {labels.Length} items.", nameof(probabilities));
        var logs = new double[probabilities.Length];
        for (var i = 0; i < logs.Length; i++)
            logs[i] = Log(probabilities[i]);
        var target = TargetMean(logs, labels);
        // The derivative of the cross-entropy by 1/T grows with 1/T: it is halved towards its root, on a logarithmic scale.
        var (low, high) = (Math.Log(1 / Highest), Math.Log(1 / Lowest));
        for (var i = 0; i < Halvings; i++)
        {
            var middle = (low + high) / 2;
            (low, high) = PredictedMean(logs, labels.Length, Math.Exp(middle)) > target ? (low, middle) : (middle, high);
        }
        return Math.Exp(-(low + high) / 2);
    }

    private static void ApplyOne(Span<float> probabilities, double temperature)
    {
        var powers = new double[probabilities.Length];
        for (var k = 0; k < powers.Length; k++)
            powers[k] = Log(probabilities[k]) / temperature;
        var (largest, sum) = (powers.Max(), 0.0);
        for (var k = 0; k < powers.Length; k++)
            sum += powers[k] = Math.Exp(powers[k] - largest);
        for (var k = 0; k < powers.Length; k++)
            probabilities[k] = (float)(powers[k] / sum);
    }

    // The mean of log p under the smoothed targets.
    private static double TargetMean(double[] logs, ReadOnlySpan<int> labels)
    {
        var (classes, smoothing, sum) = (logs.Length / labels.Length, 1.0 / (labels.Length + 2), 0.0);
        for (var i = 0; i < labels.Length; i++)
        {
            var row = logs.AsSpan(i * classes, classes);
            var mean = 0.0;
            foreach (var value in row)
                mean += value / classes;
            sum += (1 - smoothing) * row[labels[i]] + smoothing * mean;
        }
        return sum / labels.Length;
    }

    // The mean of log p under the scaled distributions, p^inverse.
    private static double PredictedMean(double[] logs, int items, double inverse)
    {
        var (classes, sum) = (logs.Length / items, 0.0);
        for (var i = 0; i < items; i++)
        {
            var row = logs.AsSpan(i * classes, classes);
            var (largest, weights, weighted) = (double.NegativeInfinity, 0.0, 0.0);
            foreach (var value in row)
                largest = Math.Max(largest, value);
            foreach (var value in row)
            {
                var weight = Math.Exp(inverse * (value - largest));
                (weights, weighted) = (weights + weight, weighted + weight * value);
            }
            sum += weighted / weights;
        }
        return sum / items;
    }

    private static double Log(float probability) => Math.Log(Math.Max(probability, Floor));
}
