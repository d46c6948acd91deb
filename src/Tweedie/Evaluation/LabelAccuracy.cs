using Tweedie.Images;
using Tweedie.Metrics;
using Tweedie.Sampling;
using static TorchSharp.torch;

namespace Tweedie.Evaluation;

/// <summary>
/// How often a classifier is right: <c>top1</c>, and <c>top5</c>, the share of images whose label is among the five most probable; 0 to 1. <c>ece</c> is the
/// expected calibration error of the model's own probabilities, and <c>eceCalibrated</c> that of the calibrated ones, where there are such; 0 to 1.
/// </summary>
/// <param name="source">The labelled images.</param>
/// <param name="calibration">The model's calibration; null where it has none.</param>
public sealed class LabelAccuracy(IImageSource source, Calibration? calibration = null) : IMetric
{
    private readonly TopK _count = new();
    private readonly List<bool> _correct = [];
    private readonly List<float> _confidences = [];
    private readonly List<float> _calibrated = [];

    /// <inheritdoc/>
    public bool NeedsProbabilities => true;

    /// <inheritdoc/>
    public void Add(PredictedBatch batch)
    {
        using var scope = NewDisposeScope();
        var labels = tensor([.. batch.Indices.Select(index => (long)source.GetLabel(index))], int64, batch.Tokens.device);
        var (probabilities, chosen) = (batch.Probabilities!.squeeze(1), batch.Tokens.squeeze(1));
        _count.Add(probabilities, labels, chosen);
        _correct.AddRange((chosen == labels).cpu().data<bool>());
        float[] rows = [.. probabilities.to(float32).cpu().data<float>()];
        int[] predictions = [.. chosen.cpu().data<long>().Select(label => (int)label)];
        _confidences.AddRange(Of(predictions, rows));
        if (calibration?.Find(batch.Sampling)?.Temperature is not { } temperature)
            return;
        TemperatureScaling.Apply(rows, rows.Length / predictions.Length, temperature);
        _calibrated.AddRange(Of(predictions, rows));
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Values()
    {
        var values = new Dictionary<string, double> { ["top1"] = _count.Top1, ["top5"] = _count.Top5 };
        if (_correct.Count > 0)
            values["ece"] = Reliability.Of(_confidences, _correct).CalibrationError;
        if (_calibrated.Count > 0)
            values["eceCalibrated"] = Reliability.Of(_calibrated, _correct).CalibrationError;
        return values;
    }

    private static IEnumerable<float> Of(int[] predictions, float[] rows) =>
        predictions.Select((prediction, i) => rows[i * (rows.Length / predictions.Length) + prediction]);
}
