using System.Numerics.Tensors;
using Tweedie.Metrics;

namespace Tweedie.Onnx;

/// <summary>Predicted classes of B images, with the spread between independent draws.</summary>
/// <param name="Classes">The predicted class of each image.</param>
/// <param name="Mean">The mean distribution over the draws: B rows of K, as the model gives it.</param>
/// <param name="Variance">The variance between the draws; zero for one draw or a linear classifier.</param>
/// <param name="Probabilities">The probabilities to report: calibrated where the model is for the setting, else the mean.</param>
/// <param name="Temperature">The temperature that turned the mean into the probabilities; null where the model is not calibrated for the setting.</param>
public sealed record OnnxPrediction(
    IReadOnlyList<int> Classes, IReadOnlyList<float[]> Mean, IReadOnlyList<float[]> Variance, IReadOnlyList<float[]> Probabilities, double? Temperature)
{
    internal static OnnxPrediction Of(OnnxStatistics statistics, long[]? classes, double? temperature)
    {
        var mean = statistics.Mean;
        float[] Scaled(float[] row)
        {
            float[] scaled = [.. row];
            if (temperature is { } scale)
                TemperatureScaling.Apply(scaled, row.Length, scale);
            return scaled;
        }
        return new([.. classes?.Select(label => (int)label) ?? mean.Select(row => TensorPrimitives.IndexOfMax<float>(row))], mean, statistics.Variance(), [.. mean.Select(Scaled)], temperature);
    }
}

/// <summary>Mean and variance of the distributions of several draws (Welford 1962).</summary>
internal sealed class OnnxStatistics
{
    private float[][] _squares = [];
    private int _count;

    /// <summary>The mean distribution of each item.</summary>
    public float[][] Mean { get; private set; } = [];

    /// <summary>Adds several draws of each item, side by side.</summary>
    public void Add(float[][] distributions, int draws)
    {
        if (_count == 0)
            (Mean, _squares) = (Zeros(), Zeros());
        for (var draw = 0; draw < draws; draw++)
        {
            _count++;
            for (var item = 0; item < Mean.Length; item++)
                Add(distributions[item * draws + draw], Mean[item], _squares[item]);
        }

        float[][] Zeros() => [.. Enumerable.Range(0, distributions.Length / draws).Select(_ => new float[distributions[0].Length])];
    }

    /// <summary>The unbiased variance between draws; zero for a single draw.</summary>
    public IReadOnlyList<float[]> Variance() => [.. _squares.Select(row => Array.ConvertAll(row, value => value / Math.Max(1, _count - 1)))];

    private void Add(float[] distribution, float[] mean, float[] squares)
    {
        for (var entry = 0; entry < mean.Length; entry++)
        {
            var difference = distribution[entry] - mean[entry];
            mean[entry] += difference / _count;
            squares[entry] += difference * (distribution[entry] - mean[entry]);
        }
    }
}
