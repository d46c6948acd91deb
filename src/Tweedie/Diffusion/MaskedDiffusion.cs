using Tweedie.Sampling;
using static TorchSharp.torch;

namespace Tweedie.Diffusion;

/// <summary>
/// Masked diffusion with log-linear noise (MDLM, Sahoo et al. 2024; LLaDA, Nie et al. 2025): at time t each token is hidden independently. The loss is the
/// cross-entropy of the hidden tokens divided by t, which bounds the likelihood. The level of a state is 1−t. The network is not told the time, because it
/// sees how much is hidden.
/// </summary>
/// <param name="objective">The training objective; only its label smoothing is used.</param>
public sealed class MaskedDiffusion(ObjectiveOptions? objective = null) : DiffusionProcess
{
    private readonly double _labelSmoothing = objective?.LabelSmoothing ?? 0;

    /// <inheritdoc/>
    public override ITokenSpace CreateSpace(Tensor weight, long tokens = long.MaxValue, Tensor? logPrior = null) => new MaskedSpace(weight);

    /// <inheritdoc/>
    public override NoiseLevels DrawLevels(int items, int copies, int tokens, Device device)
    {
        using var scope = NewDisposeScope();
        var times = LogLinearMasking.Times(rand(items * copies, float32, device)).unsqueeze(1);
        return new(times.to(float64).SubtractedFrom(1).MoveToOuterDisposeScope(), zeros([1, 1], float32, device).MoveToOuterDisposeScope());
    }

    /// <inheritdoc/>
    public override Corruption Corrupt(ITokenSpace space, Tensor tokens, NoiseLevels levels, INoiseSource noise) =>
        new(space, space.Corrupt(tokens, levels.State, noise), levels);

    /// <summary>
    /// Σ −log p(x0)/t over the hidden tokens, averaged over B. Visible tokens are known and have no loss, so only the hidden ones are projected.
    /// </summary>
    public override Tensor Loss(Logits output, Tensor tokens, Corruption corruption, Tensor? tokenWeights = null)
    {
        using var scope = NewDisposeScope();
        var hidden = corruption.State != tokens; // K is no token
        if (!hidden.any().item<bool>())
            return output.Hidden.sum().Times(0.0).MoveToOuterDisposeScope(); // no loss, but gradients for the optimiser
        Tensor OfHidden(Tensor values) => values.expand_as(hidden).masked_select(hidden).unsqueeze(0);
        var weights = OfHidden(corruption.Levels.State.SubtractedFrom(1).to(float32)).reciprocal();
        if (tokenWeights is not null)
            weights = weights * OfHidden(tokenWeights);
        return LinearCrossEntropy.Sum(output.At(hidden), OfHidden(tokens), weights, _labelSmoothing).Over(tokens.shape[0]).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override NoiseLevels Levels(NoiseLevel level, Device device) => NoiseLevels.Of(level.AlphaBar, told: 0, device);

    /// <inheritdoc/>
    public override IReverseProcess Reverse(SamplingOptions options, long? endToken = null, long? paddingToken = null)
    {
        SamplingRules.CheckMasked(options);
        return new ReverseProcess(this, SamplingPlan.Masked(options.Steps ?? 1),
            options.Unmasking == UnmaskingKind.Ancestral ? new MaskedAncestral(options.Temperature ?? 1, options.TopP ?? 1) : new MaskedConfidence(),
            options.Unmasking == UnmaskingKind.Ancestral ? ToOne.Create(options.ToOne ?? ToOneKind.Argmax) : ToOne.Create(options), options.GuidanceOverSteps(),
            end: endToken, lengthBias: options.LengthBias ?? 0, padding: paddingToken);
    }

    /// <inheritdoc/>
    public override ILikelihoodBound Bound(LikelihoodOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        OneHotBound.Refuse(options, "is for one-hot diffusion (tdd), whose levels have an SNR, and masked diffusion (mdd) hides tokens; leave it out.");
        return new MaskedBound(this, options);
    }
}
