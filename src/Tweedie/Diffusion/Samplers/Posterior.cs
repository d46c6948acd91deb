using static TorchSharp.torch;

namespace Tweedie.Diffusion;

/// <summary>
/// Ancestral sampling (DDPM, Ho et al. 2020): the next state is drawn from q(y_s | y_t, ŷ0). With β = 1 − ᾱ_t/ᾱ_s its mean is
/// (√ᾱ_s·β/(1−ᾱ_t))·s·ŷ0 + (√(ᾱ_t/ᾱ_s)·(1−ᾱ_s)/(1−ᾱ_t))·y_t, and its variance (1−ᾱ_s)·β/(1−ᾱ_t). Evidence adds up from step to step, so an early choice can be
/// outvoted.
/// </summary>
/// <param name="soft">Whether ŷ0 is the mean of the predicted distribution; else it is the chosen tokens. A draw makes many small steps exact.</param>
public sealed class Posterior(bool soft = false) : ISampler
{
    /// <inheritdoc/>
    public Sample Advance(SamplerInput now, NoiseLevels? target, INoiseSource noise)
    {
        if (target is null)
            return new(now.State, null);
        using var scope = NewDisposeScope();
        var step = new GaussianStep(now.Levels, target);
        var mean = (GaussianStep.Of(step.CleanWeight) * now.Clean(soft)).Plus(GaussianStep.Of(step.StateWeight) * now.State);
        return new(mean.Plus(GaussianStep.Of(step.PosteriorVariance.sqrt()) * now.FreshNoise(noise)).MoveToOuterDisposeScope(), target);
    }
}
