using static TorchSharp.torch;

namespace Tweedie.Evaluation;

/// <summary>Counts of right predictions.</summary>
internal sealed class TopK
{
    private long _samples, _first, _five;

    public double Top1 => (double)_first / Math.Max(1, _samples);

    public double Top5 => (double)_five / Math.Max(1, _samples);

    /// <summary>Adds a batch.</summary>
    /// <param name="probabilities">Shape (B, K).</param>
    /// <param name="labels">Shape (B), int64.</param>
    /// <param name="chosen">The prediction where it is not the most probable entry (a multinomial draw): shape (B), or null.</param>
    public void Add(Tensor probabilities, Tensor labels, Tensor? chosen = null)
    {
        using var scope = NewDisposeScope();
        var (_, ranked) = probabilities.topk((int)Math.Min(5, probabilities.shape[1]), 1);
        var hit = (chosen ?? ranked.select(1, 0)) == labels;
        _samples += labels.shape[0];
        _first += hit.sum().item<long>();
        _five += ((ranked == labels.unsqueeze(1)).any(1) | hit).sum().item<long>();
    }
}
