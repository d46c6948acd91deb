namespace Tweedie.Diffusion;

/// <summary>
/// The paper's sampler, "argmax-and-re-noise" (§3.2): y_s ~ N(√ᾱ_s·s·ŷ0, (1−ᾱ_s)·I) about the chosen tokens, or about the mean of the prediction, whatever the
/// state was.
/// </summary>
/// <param name="soft">Whether the noise is about the mean of the predicted distribution.</param>
public sealed class Renoise(bool soft = false) : ISampler
{
    /// <inheritdoc/>
    public Sample Advance(SamplerInput now, NoiseLevels? target, INoiseSource noise)
    {
        if (target is null)
            return new(now.State, null);
        if (!soft)
            return new(now.Space.Corrupt(now.Tokens, target.State, noise), target);
        var space = now.Gaussian;
        return new(ForwardProcess.Corrupt(space.Clean(now.Scores), now.FreshNoise(noise), target.State), target);
    }
}
