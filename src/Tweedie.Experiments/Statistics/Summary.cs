namespace Tweedie.Experiments.Statistics;

/// <summary>Mean and standard deviation of one number per seed.</summary>
/// <param name="Mean">The mean.</param>
/// <param name="Deviation">The sample standard deviation (n − 1); null for one value.</param>
/// <param name="Count">Number of values.</param>
public sealed record Summary(double Mean, double? Deviation, int Count)
{
    /// <summary>Summarises values, at least one.</summary>
    public static Summary Of(IReadOnlyCollection<double> values)
    {
        ArgumentOutOfRangeException.ThrowIfZero(values.Count);
        var mean = values.Average();
        var squares = values.Sum(value => (value - mean) * (value - mean));
        return new(mean, values.Count == 1 ? null : Math.Sqrt(squares / (values.Count - 1)), values.Count);
    }
}
