using Tweedie.Sampling;

namespace Tweedie.Onnx;

/// <summary>The plan of a sampling, and the refusal of what an exported model does not do.</summary>
internal static class OnnxSampling
{
    private const string Way = "sample the model that was exported with libtorch, or leave it out.";

    /// <summary>The levels of a sampling, noisiest first; of an autoregressive model, the shares of tokens that are decided before each step.</summary>
    /// <param name="model">The model.</param>
    /// <param name="options">The options, complete.</param>
    /// <exception cref="TweedieException">An option is out of range for the model.</exception>
    public static IReadOnlyList<NoiseLevel> Plan(OnnxModelOptions model, SamplingOptions options)
    {
        var steps = options.Steps ?? 1;
        if (model.State == OnnxState.Masked)
            return SamplingPlan.Masked(steps);
        if (model.State == OnnxState.Prefix)
            return [.. Enumerable.Range(0, model.Tokens).Select(place => new NoiseLevel(model.Tokens - 1 - place, (double)place / model.Tokens))];
        var schedule = NoiseSchedule.Create(model.Diffusion);
        if (steps > schedule.Timesteps)
            throw new TweedieException(new OptionFault(nameof(options.Steps), $"{steps}", $"is more than the model's {schedule.Timesteps} timesteps; use at most {schedule.Timesteps}."));
        var grid = options.Control || (SamplingRules.Commits(options) && options.OpenFollow != true) ? SamplingPlan.Control(schedule, steps)
            : options.Grid is null or TimestepDistribution.Uniform ? SamplingPlan.Uniform(schedule, steps)
            : SamplingPlan.Spread(schedule, options.Grid == TimestepDistribution.CrossEntropy ? Measured(model) : TimeDensity.Create(options.Grid.Value, schedule,
                options.LogSnrMin ?? double.NegativeInfinity, options.LogSnrMax ?? double.PositiveInfinity, TokenCode.Of(model.Classes, model.Width, model.Diffusion.Scale)), steps);
        return SamplingPlan.Tell(grid, schedule.Timesteps, options.ToldDelay ?? 0, options.ToldFloor ?? 0);
    }

    /// <summary>Refuses options that an exported model does not carry out, or that have no use for it.</summary>
    /// <param name="model">The model.</param>
    /// <param name="options">The options, complete.</param>
    /// <param name="hasEnd">Whether the tokens are sentences that end.</param>
    /// <exception cref="TweedieException">An option cannot be carried out; the message names it.</exception>
    public static void Check(OnnxModelOptions model, SamplingOptions options, bool hasEnd)
    {
        if (options.Choose == CandidateChoice.Likelihood)
            SamplingRules.Refuse(nameof(options.Choose), options.Choose, $"needs the likelihood of whole rows, which exported models do not give; {Way}");
        if (options.Choose == CandidateChoice.Judge)
            SamplingRules.Refuse(nameof(options.Choose), options.Choose, $"needs a judge of candidates, which exported models do not take; {Way}");
        if (options.Choose == CandidateChoice.Overlap && !hasEnd)
            SamplingRules.Refuse(nameof(options.Choose), options.Choose, "chooses among sentences, and this model has none; leave it out.");
        if (options is { Choose: CandidateChoice.Overlap, Draws: 1 })
            SamplingRules.Refuse(nameof(options.Choose), options.Choose, "chooses among several draws, and there is one; ask for more.");
        if (model.ConditionTokens == 0 && options.Guidance != 1)
            SamplingRules.Refuse(nameof(options.Guidance), options.Guidance, "strengthens a condition, and this model has none; leave it out.");
        switch (model.State)
        {
            case OnnxState.Masked:
                SamplingRules.CheckMasked(options);
                break;
            case OnnxState.Prefix:
                SamplingRules.CheckAutoregressive(options, model.Tokens);
                if (options.Beams > 1)
                    SamplingRules.Refuse(nameof(options.Beams), options.Beams, $"follows several sentences at a time, which exported models do not; {Way}");
                break;
            default:
                SamplingRules.CheckOneHot(options, hasEnd);
                break;
        }
        if (options.ToOne != ToOneKind.Multinomial && options.Unmasking != UnmaskingKind.Ancestral)
            SamplingRules.CheckSharpening(options);
        if (!hasEnd && options.LengthBias is not (null or 0))
            SamplingRules.Refuse(nameof(options.LengthBias), options.LengthBias, "is for sentences, and this model's tokens have no end; leave it out.");
    }

    private static TimeDensity Measured(OnnxModelOptions model) => model.Losses is { Count: > 0 } losses
        ? TimeDensity.OfLosses(model.Diffusion.Timesteps, [.. losses.Select(loss => loss ?? double.NaN)])
        : throw new TweedieException(new OptionFault(nameof(SamplingOptions.Grid), "crossEntropy",
            "follows a measurement, and this model has none; train it with model.diffusion.measuresLoss = true, or take another grid."));
}
