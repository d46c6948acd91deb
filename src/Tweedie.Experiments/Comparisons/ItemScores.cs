using Tweedie.Evaluation;
using Tweedie.Images;
using Tweedie.Metrics;
using static TorchSharp.torch;

namespace Tweedie.Experiments.Comparisons;

/// <summary>Scores of a model's predictions for each item of a data set, so that models can be compared item by item.</summary>
public interface IItemScores : IMetric
{
    /// <summary>By the metric's name, the score of each item in the order of the data set; shares are 0 or 1.</summary>
    IReadOnlyDictionary<string, double[]> ByItem();
}

/// <summary>Whether a classifier is right, image by image: <c>top1</c>.</summary>
/// <param name="source">The labelled images.</param>
public sealed class LabelHits(IImageSource source) : IItemScores
{
    private readonly SortedDictionary<int, double> _hits = [];

    /// <inheritdoc/>
    public void Add(PredictedBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        using var scope = NewDisposeScope();
        var chosen = batch.Tokens.squeeze(1).cpu().data<long>().ToArray();
        foreach (var (index, label) in batch.Indices.Zip(chosen))
            _hits[index] = source.GetLabel(index) == label ? 1 : 0;
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Values() => new Dictionary<string, double>();

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double[]> ByItem() => new Dictionary<string, double[]> { ["top1"] = [.. _hits.Values] };
}

/// <summary>The scores of captions, image by image: <c>ciderD</c>, <c>rougeL</c>, and for generated scenes <c>rightMeaning</c>. BLEU is no mean over images.</summary>
/// <param name="quality">The captions of the same row.</param>
/// <param name="source">The images and their captions.</param>
public sealed class CaptionItemScores(CaptionQuality quality, ICaptionSource source) : IItemScores
{
    /// <inheritdoc/>
    public void Add(PredictedBatch batch) => quality.Add(batch);

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Values() => quality.Values();

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double[]> ByItem()
    {
        var captions = quality.Captions.OrderBy(entry => entry.Index).ToList();
        var tokenized = captions.ConvertAll(entry => TokenizedCaption.Of(entry.Caption, source.GetCaptions(entry.Index)));
        var scores = new Dictionary<string, double[]> { ["ciderD"] = [.. CiderD.Evaluate(tokenized)], ["rougeL"] = [.. tokenized.Select(RougeL.Score)] };
        if (quality.RightMeaning is not null)
            scores["rightMeaning"] = [.. captions.Select(entry => SceneMeaning.RightShare([entry.Caption], [source.GetCaptions(entry.Index)[0]])!.Value)];
        return scores;
    }
}
