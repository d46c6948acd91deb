using Tweedie.Diffusion;
using static TorchSharp.torch;

namespace Tweedie.Evaluation;

/// <summary>The predictions of one or several trajectories under every decoding, from one pass over their steps. One token an item.</summary>
internal sealed class Trajectories : IDisposable
{
    private readonly DrawStatistics _last = new();
    private readonly DrawStatistics _consensus = new();
    private Tensor? _choice;

    /// <summary>The tokens chosen by the last step, shape (B), when there was one trajectory only; else null.</summary>
    public Tensor? SingleChoice => _last.Count == 1 ? _choice : null;

    /// <summary>Runs trajectories to their end.</summary>
    /// <param name="steps">Their steps.</param>
    /// <param name="draws">How many an item, side by side.</param>
    public void Add(IEnumerable<DenoisingStep> steps, int draws)
    {
        using var average = new Consensus();
        using var scope = NewDisposeScope();
        foreach (var step in steps)
        {
            average.Add(step);
            if (!step.IsLast)
                continue;
            _last.Add(step.Probabilities().squeeze(1), draws);
            _choice?.Dispose();
            _choice = step.Tokens.squeeze(1).clone().DetachFromDisposeScope();
        }
        _consensus.Add(average.Probabilities().squeeze(1), draws);
    }

    /// <summary>The mean distribution over the trajectories, shape (B, K).</summary>
    public Tensor Probabilities(DecodeKind decode) => (decode == DecodeKind.Last ? _last : _consensus).Mean();

    public void Dispose()
    {
        _last.Dispose();
        _consensus.Dispose();
        _choice?.Dispose();
    }
}
