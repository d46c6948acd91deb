using Tweedie.Images;
using static TorchSharp.torch;

namespace Tweedie.Evaluation;

/// <summary>How often a classifier is right: <c>top1</c>, and <c>top5</c>, the share of images whose label is among the five most probable; 0 to 1.</summary>
/// <param name="source">The labelled images.</param>
public sealed class LabelAccuracy(IImageSource source) : IMetric
{
    private readonly TopK _count = new();

    /// <inheritdoc/>
    public bool NeedsProbabilities => true;

    /// <inheritdoc/>
    public void Add(PredictedBatch batch)
    {
        using var scope = NewDisposeScope();
        var labels = tensor([.. batch.Indices.Select(index => (long)source.GetLabel(index))], int64, batch.Tokens.device);
        _count.Add(batch.Probabilities!.squeeze(1), labels, batch.Tokens.squeeze(1));
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Values() => new Dictionary<string, double> { ["top1"] = _count.Top1, ["top5"] = _count.Top5 };
}
