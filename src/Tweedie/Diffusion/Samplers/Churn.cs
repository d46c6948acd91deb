using Tweedie.Sampling;
using static TorchSharp.torch;

namespace Tweedie.Diffusion;

/// <summary>
/// Adds noise before each step but the first (Karras et al. 2022), by <see cref="StepWeights.Churn"/>. The steps of the sampler then undo errors that they would have
/// kept.
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
        var (weights, noisier) = StepWeights.Churn(reached.Levels.State.item<double>(), gamma, schedule.AlphaBar[^1]);
        var churned = reached.State.Times(weights.State).Plus(now.FreshNoise(noise, NoisePurpose.Sampler), Math.Sqrt(weights.Variance));
        var levels = NoiseLevels.Of(noisier, schedule.TimestepOf(noisier), now.State.device);
        return new(churned.MoveToOuterDisposeScope(), new(levels.State.MoveToOuterDisposeScope(), levels.Told.MoveToOuterDisposeScope()));
    }
}
