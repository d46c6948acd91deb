using TorchSharp;
using Tweedie.Sampling;
using static TorchSharp.torch;

namespace Tweedie.Diffusion;

/// <summary>
/// Commits tokens one after the other, each state Gaussian: after step i of n, ⌊N·(i+1)/n⌋ tokens of each item are at a clean level, and the others at the
/// level that the plan goes to. It needs a network that was trained with a level per token.
/// </summary>
/// <param name="order">Which tokens come first.</param>
/// <param name="clean">The level of committed tokens, such as the schedule's at timestep 0.</param>
/// <param name="revise">
/// Whether all committed tokens are chosen anew at every step, so that one that lost its confidence becomes noisy again. Otherwise a committed token's state stays.
/// </param>
public sealed class Commit(TokenOrder order, NoiseLevel clean, bool revise = false) : ISampler
{
    /// <inheritdoc/>
    public Sample Advance(SamplerInput now, NoiseLevels? target, INoiseSource noise)
    {
        if (target is null)
            return new(now.State, null);
        using var scope = NewDisposeScope();
        var priority = now.Priority(order);
        using var level = NoiseLevels.Of(clean.AlphaBar, clean.Timestep, now.State.device);
        var committed = now.First(priority, (now.Index + 1.0) / now.Count);
        var levels = new NoiseLevels(
            where(committed, level.State, target.State).MoveToOuterDisposeScope(),
            where(committed, level.Told, target.Told).MoveToOuterDisposeScope());
        var next = now.Gaussian.Corrupt(now.Tokens, levels.State, noise);
        if (revise)
            return new(next.MoveToOuterDisposeScope(), levels);
        if (now.Open is not null) // what was committed before stays as it is
            next = where(now.Open.unsqueeze(-1), next, now.State);
        using Scalar open = -1;
        return new(next.MoveToOuterDisposeScope(), levels) { Decided = now.Tokens.masked_fill(committed.logical_not(), open).MoveToOuterDisposeScope() };
    }
}
