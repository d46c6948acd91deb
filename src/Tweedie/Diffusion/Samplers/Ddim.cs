using static TorchSharp.torch;

namespace Tweedie.Diffusion;

/// <summary>
/// DDIM (Song et al. 2021): y_s = √ᾱ_s·s·ŷ0 + √(1−ᾱ_s−η²τ²)·ε̂ + ητ·ε with ε̂ = (y_t − √ᾱ_t·s·ŷ0)/√(1−ᾱ_t) and τ² the variance of the posterior. At η = 0 the
/// state keeps its noise; at η = 1 the step has the variance of the posterior.
/// </summary>
/// <param name="eta">η, 0 to 1.</param>
/// <param name="soft">Whether ŷ0 is the mean of the predicted distribution; else it is the chosen tokens.</param>
public sealed class Ddim(double eta = 0, bool soft = true) : ISampler
{
    /// <inheritdoc/>
    public Sample Advance(SamplerInput now, NoiseLevels? target, INoiseSource noise)
    {
        if (target is null)
            return new(now.State, null);
        using var scope = NewDisposeScope();
        var step = new GaussianStep(now.Levels, target);
        var clean = now.Clean(soft);
        var fresh = step.PosteriorVariance.Times(eta * eta);
        var direction = (step.NextVariance - fresh).sqrt() / step.Variance.sqrt();
        var next = (GaussianStep.Of(step.NextAlphaBar.sqrt() - direction * step.AlphaBar.sqrt()) * clean).Plus(GaussianStep.Of(direction) * now.State);
        if (eta > 0)
            next = next.Plus(GaussianStep.Of(fresh.sqrt()) * now.FreshNoise(noise));
        return new(next.MoveToOuterDisposeScope(), target);
    }
}
