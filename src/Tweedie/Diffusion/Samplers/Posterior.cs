using Tweedie.Sampling;

namespace Tweedie.Diffusion;

/// <summary>
/// Ancestral sampling (DDPM, Ho et al. 2020): the next state is drawn from q(y_s | y_t, ŷ0), by <see cref="StepWeights.Posterior"/>. Evidence adds up from step to
/// step, so an early choice can be outvoted.
/// </summary>
/// <param name="soft">Whether ŷ0 is the mean of the predicted distribution; else it is the chosen tokens. A draw makes many small steps exact.</param>
public sealed class Posterior(bool soft = false) : ISampler
{
    /// <inheritdoc/>
    public Sample Advance(SamplerInput now, NoiseLevels? target, INoiseSource noise) =>
        target is null ? new(now.State, null) : GaussianStep.Take(now, target, soft, noise, StepWeights.Posterior);
}
