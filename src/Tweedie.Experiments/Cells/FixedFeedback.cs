using Tweedie.Diffusion;

namespace Tweedie.Experiments.Cells;

/// <summary>
/// Feeds the same mixture back at every step, whatever the level: y_s = clean·onehot + noise·ε. E0's public code does so with 0.1 and 1.0, while the network is told
/// the levels of the schedule.
/// </summary>
/// <param name="clean">The weight of the chosen token's one-hot vector.</param>
/// <param name="noise">The weight of the noise.</param>
internal sealed class FixedFeedback(double clean, double noise) : ISampler
{
    /// <inheritdoc/>
    public Sample Advance(SamplerInput now, NoiseLevels? target, INoiseSource random)
    {
        if (target is null)
            return new(now.State, null);
        using var scope = TorchSharp.torch.NewDisposeScope();
        return new(now.Clean(soft: false).Times(clean).Plus(now.FreshNoise(random), noise).MoveToOuterDisposeScope(), target);
    }
}
