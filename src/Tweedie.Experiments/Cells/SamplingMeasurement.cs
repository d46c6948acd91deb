using Tweedie.Diffusion;
using static TorchSharp.torch;

namespace Tweedie.Experiments.Cells;

/// <summary>Gathers, batch by batch, what <see cref="SamplingResult"/> keeps, from one pass over the steps.</summary>
internal sealed class SamplingMeasurement
{
    private const int Ranks = 20;

    private readonly Predictions _last = new();
    private readonly Predictions _consensus = new();
    private readonly List<StepTotals> _steps = [];
    private long _items;

    /// <summary>Adds predictions (B, K) that have no steps, with their labels (B).</summary>
    public void Add(Tensor probabilities, Tensor labels) => _last.Add(probabilities, probabilities.argmax(1), labels);

    /// <summary>Adds a batch's trajectories, with its labels (B).</summary>
    public void Add(IEnumerable<DenoisingStep> steps, Tensor labels)
    {
        using var consensus = new Consensus();
        _items += labels.shape[0];
        foreach (var step in steps)
        {
            using var scope = NewDisposeScope();
            consensus.Add(step);
            var (probabilities, choice) = (step.Probabilities().squeeze(1), step.Tokens.squeeze(1));
            if (_steps.Count <= step.Index)
                _steps.Add(new StepTotals(step.Timestep, step.AlphaBar, new double[Math.Min(Ranks, probabilities.shape[1])]));
            _steps[step.Index].Add(probabilities, choice == labels);
            if (step.IsLast)
                _last.Add(probabilities, choice, labels);
        }
        using var average = consensus.Probabilities();
        using var averages = average.squeeze(1);
        using var choices = averages.argmax(1);
        _consensus.Add(averages, choices, labels);
    }

    public SamplingResult Result() => new(
        _last.Decoded(), _consensus.IsEmpty ? null : _consensus.Decoded(), [.. _steps.Select(step => step.Mean(_items))]);

    private sealed class Predictions
    {
        private readonly List<bool> _correct = [];
        private readonly List<float> _confidences = [];

        public bool IsEmpty => _correct.Count == 0;

        public void Add(Tensor probabilities, Tensor choice, Tensor labels)
        {
            using var scope = NewDisposeScope();
            _correct.AddRange((choice == labels).cpu().data<bool>());
            _confidences.AddRange(probabilities.gather(1, choice.unsqueeze(1)).to(float32).cpu().data<float>());
        }

        public Decoded Decoded() => Cells.Decoded.Of(_correct, _confidences);
    }

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
