namespace Tweedie.Diffusion;

/// <summary>The noise-only control: each step starts anew from the prior, and no prediction is fed back.</summary>
public sealed class Independent : ISampler
{
    /// <inheritdoc/>
    public Sample Advance(SamplerInput now, NoiseLevels? target, INoiseSource noise) =>
        target is null ? new(now.State, null) : new(now.Space.Prior(now.State.shape[0], now.State.shape[1], target.State, noise), target);
}
