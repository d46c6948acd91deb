namespace Tweedie.Diffusion;

/// <summary>The paper's sampler, "argmax-and-re-noise" (§3.2): y_t' ~ N(√ᾱ_t'·s·ŷ0, (1−ᾱ_t')·I) about the chosen tokens, whatever the state was.</summary>
public sealed class Renoise : ISampler
{
    /// <inheritdoc/>
    public Sample Advance(SamplerInput now, NoiseLevels? target, INoiseSource noise) =>
        target is null ? new(now.State, null) : new(now.Space.Corrupt(now.Tokens, target.State, noise), target);
}
