using Tweedie;
using Tweedie.Diffusion;
using Tweedie.Sampling;
using static TorchSharp.torch;

namespace Extending;

/// <summary>
/// Shows a custom sampler, with a level per token. After each step the most confident tokens get the clean level, and the others the level that
/// the plan goes to. How many tokens are committed follows from the plan: ⌊N·ᾱ⌋. A token that loses its confidence becomes noisy again. The sampler works
/// in every <see cref="GaussianSpace"/>, embedded or not.
/// </summary>
/// <param name="clean">The level of committed tokens, such as the schedule's at timestep 0.</param>
public sealed class CommitConfident(NoiseLevel clean) : ISampler
{
    private const double Rounding = 1e-9; // of N·ᾱ

    /// <inheritdoc/>
    public Sample Advance(SamplerInput now, NoiseLevels? target, INoiseSource noise)
    {
        if (target is null)
            return new(now.State, null); // nothing follows the last step
        if (now.Space is not GaussianSpace space)
            throw new TweedieException("Confident tokens get a clean level: that needs one-hot diffusion.");
        using var scope = NewDisposeScope();
        var committed = MostConfident(now, target);
        using var committedLevel = NoiseLevels.Of(clean.AlphaBar, clean.Timestep, now.State.device);
        var levels = new NoiseLevels(
            where(committed, committedLevel.State, target.State).MoveToOuterDisposeScope(),
            where(committed, committedLevel.Told, target.Told).MoveToOuterDisposeScope());
        return new(space.Corrupt(now.Tokens, levels.State, noise).MoveToOuterDisposeScope(), levels);
    }

    // Shape (B, N), bool: for each item the ⌊N·ᾱ⌋ tokens whose choices are the most probable.
    private static Tensor MostConfident(SamplerInput now, NoiseLevels target)
    {
        using var scope = NewDisposeScope();
        var confidence = now.Scores.ProbabilityOf(now.Tokens);
        var rank = confidence.argsort(1, descending: true).argsort(1); // 0 is the most confident token
        var count = target.State.Times((double)confidence.shape[1]).Plus(Rounding).floor();
        return (rank < count).MoveToOuterDisposeScope();
    }
}
