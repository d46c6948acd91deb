using Tweedie.Images;
using Tweedie.Metrics;
using static TorchSharp.torch;

namespace Tweedie.Evaluation;

/// <summary>Keeps the label, the prediction and the distribution of each image: 4·K bytes per image.</summary>
/// <param name="source">The labelled images.</param>
public sealed class PredictedLabels(IImageSource source) : IMetric
{
    private readonly List<int> _labels = [];
    private readonly List<int> _predictions = [];
    private readonly List<float> _probabilities = [];

    /// <inheritdoc/>
    public bool NeedsProbabilities => true;

    /// <summary>The label of each image that could be read.</summary>
    public IReadOnlyList<int> Labels => _labels;

    /// <summary>The predicted class of each.</summary>
    public IReadOnlyList<int> Predictions => _predictions;

    /// <inheritdoc/>
    public void Add(PredictedBatch batch)
    {
        _labels.AddRange(batch.Indices.Select(source.GetLabel));
        _predictions.AddRange(batch.Tokens.cpu().data<long>().Select(label => (int)label));
        _probabilities.AddRange(batch.Probabilities!.to(float32).cpu().data<float>());
    }

    /// <summary>The predictions by confidence.</summary>
    /// <param name="temperature">The temperature of the distributions; null leaves them as they are.</param>
    public Reliability Reliability(double? temperature = null)
    {
        var (classes, probabilities) = (_probabilities.Count / Math.Max(1, _labels.Count), _probabilities.ToArray());
        if (temperature is { } scale && classes > 0)
            TemperatureScaling.Apply(probabilities, classes, scale);
        return Metrics.Reliability.Of(_predictions.Select((prediction, i) => probabilities[i * classes + prediction]),
            _labels.Zip(_predictions, (label, prediction) => label == prediction));
    }

    /// <summary>The temperature that fits these predictions; see <see cref="TemperatureScaling.Fit"/>.</summary>
    public double FitTemperature() => TemperatureScaling.Fit([.. _probabilities], [.. _labels]);

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Values() => new Dictionary<string, double>();
}
