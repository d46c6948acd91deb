using Tweedie.Sampling;
using static TorchSharp.torch;

namespace Tweedie.Diffusion;

/// <summary>
/// Adds noise before each step but the first (Karras et al. 2022): the SNR falls to SNR/(1+γ)², y′ = (a′/a)·y + √(σ′² − (a′/a)²σ²)·ε with a = √ᾱ, σ² = 1−ᾱ. The
/// steps of the sampler then undo errors that they would have kept.
/// </summary>
/// <param name="sampler">The sampler, which keeps one level for all tokens.</param>
/// <param name="schedule">Gives the timestep of the new level.</param>
/// <param name="gamma">γ, above 0.</param>
public sealed class Churn(ISampler sampler, NoiseSchedule schedule, double gamma) : ISampler
{
    /// <inheritdoc/>
    public Sample Advance(SamplerInput now, NoiseLevels? target, INoiseSource noise)
    {
        using var scope = NewDisposeScope();
        var reached = sampler.Advance(now, target, noise);
        if (reached.Levels is null)
            return reached;
        var alphaBar = reached.Levels.State.item<double>();
        var ratio = alphaBar / (1 - alphaBar) / Math.Pow(1 + gamma, 2);
        var noisier = Math.Max(ratio / (1 + ratio), schedule.AlphaBar[^1]);
        var shrink = noisier / alphaBar; // (a′/a)²
        var added = Math.Sqrt(Math.Max(0, 1 - noisier - shrink * (1 - alphaBar)));
        var churned = reached.State.Times(Math.Sqrt(shrink)).Plus(now.FreshNoise(noise, NoisePurpose.Sampler), added);
        var levels = NoiseLevels.Of(noisier, schedule.TimestepOf(noisier), now.State.device);
        return new(churned.MoveToOuterDisposeScope(), new(levels.State.MoveToOuterDisposeScope(), levels.Told.MoveToOuterDisposeScope()));
    }
}
