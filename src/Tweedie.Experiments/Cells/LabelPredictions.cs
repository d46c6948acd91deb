using Tweedie.Diffusion;
using Tweedie.Evaluation;
using Tweedie.Images;
using static TorchSharp.torch;

namespace Tweedie.Experiments.Cells;

/// <summary>What a classifier predicts for each image under one decoding, and what each step says.</summary>
/// <param name="source">The labelled images.</param>
internal sealed class LabelPredictions(IImageSource source) : IMetric
{
    private const int Ranks = 20;

    private readonly List<bool> _correct = [];
    private readonly List<float> _confidences = [];
    private readonly List<StepTotals> _steps = [];

    /// <inheritdoc/>
    public bool NeedsProbabilities => true;

    /// <summary>The predictions, image by image.</summary>
    public Decoded Decoded => Decoded.Of(_correct, _confidences);

    /// <summary>What each step predicts, averaged over the images.</summary>
    public IReadOnlyList<StepSummary> Steps => [.. _steps.Select(step => step.Mean(_correct.Count))];

    /// <inheritdoc/>
    public void Observe(DenoisingStep shown, IReadOnlyList<int> indices)
    {
        using var scope = NewDisposeScope();
        var probabilities = shown.Probabilities().squeeze(1);
        if (_steps.Count <= shown.Index)
            _steps.Add(new StepTotals(shown.Timestep, shown.AlphaBar, new double[Math.Min(Ranks, probabilities.shape[1])]));
        _steps[shown.Index].Add(probabilities, shown.Tokens.squeeze(1) == Labels(indices, probabilities.device));
    }

    /// <inheritdoc/>
    public void Add(PredictedBatch batch)
    {
        using var scope = NewDisposeScope();
        var chosen = batch.Tokens.squeeze(1);
        _correct.AddRange((chosen == Labels(batch.Indices, chosen.device)).cpu().data<bool>());
        _confidences.AddRange(batch.Probabilities!.squeeze(1).gather(1, chosen.unsqueeze(1)).to(float32).cpu().data<float>());
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Values() => new Dictionary<string, double> { ["top1"] = _correct.Average(right => right ? 1.0 : 0) };

    private Tensor Labels(IReadOnlyList<int> indices, Device device) => tensor([.. indices.Select(index => (long)source.GetLabel(index))], int64, device);

    private sealed record StepTotals(int Timestep, double AlphaBar, double[] Sorted)
    {
        private long _right;

        public void Add(Tensor probabilities, Tensor right)
        {
            _right += right.sum().item<long>();
            var sums = probabilities.topk(Sorted.Length, 1).values.to(float64).sum([0L]).cpu().data<double>();
            for (var rank = 0; rank < Sorted.Length; rank++)
                Sorted[rank] += sums[rank];
        }

        public StepSummary Mean(long items) =>
            new(Timestep, AlphaBar, (double)_right / items, [.. Sorted.Select(sum => sum / items)]);
    }
}
