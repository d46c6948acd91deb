using Tweedie.Sampling;

namespace Tweedie.Diffusion;

/// <summary>
/// DDIM (Song et al. 2021), by <see cref="StepWeights.Ddim"/>. At η = 0 the state keeps its noise; at η = 1 the step has the variance of the posterior.
/// </summary>
/// <param name="eta">η, 0 to 1.</param>
/// <param name="soft">Whether ŷ0 is the mean of the predicted distribution; else it is the chosen tokens.</param>
public sealed class Ddim(double eta = 0, bool soft = true) : ISampler
{
    /// <inheritdoc/>
    public Sample Advance(SamplerInput now, NoiseLevels? target, INoiseSource noise) =>
        target is null ? new(now.State, null) : GaussianStep.Take(now, target, soft, noise, (alphaBar, next) => StepWeights.Ddim(alphaBar, next, eta));
}
