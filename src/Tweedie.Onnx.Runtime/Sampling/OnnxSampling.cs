using Tweedie.Sampling;

namespace Tweedie.Onnx;

/// <summary>The plan of a sampling, and the refusal of what this runtime does not do.</summary>
internal static class OnnxSampling
{
    private const string Way = "sample the model that was exported with libtorch, or leave it out.";

    /// <summary>The levels of a sampling, noisiest first.</summary>
    /// <param name="model">The model.</param>
    /// <param name="options">The options, complete.</param>
    /// <exception cref="TweedieException">An option is out of range for the model.</exception>
    public static IReadOnlyList<NoiseLevel> Plan(OnnxModelOptions model, SamplingOptions options)
    {
        var steps = options.Steps ?? 1;
        if (model.State == OnnxState.Masked)
            return SamplingPlan.Masked(steps);
        var schedule = NoiseSchedule.Create(model.Diffusion);
        if (steps > schedule.Timesteps)
            throw new TweedieException(new OptionFault(nameof(options.Steps), $"{steps}", $"is more than the model's {schedule.Timesteps} timesteps; use at most {schedule.Timesteps}."));
        var grid = options.Control || (Commits(options) && options.OpenFollow != true) ? SamplingPlan.Control(schedule, steps)
            : options.Grid is null or TimestepDistribution.Uniform ? SamplingPlan.Uniform(schedule, steps)
            : SamplingPlan.Spread(schedule, TimeDensity.Create(options.Grid.Value, schedule, options.LogSnrMin ?? double.NegativeInfinity,
                options.LogSnrMax ?? double.PositiveInfinity, TokenCode.Of(model.Classes, model.Width, model.Diffusion.Scale)), steps);
        return SamplingPlan.Tell(grid, schedule.Timesteps, options.ToldDelay ?? 0, options.ToldFloor ?? 0);
    }

    /// <summary>Whether the sampler commits tokens.</summary>
    public static bool Commits(SamplingOptions options) => options.Sampler is SamplerKind.Commit or SamplerKind.LeftToRight;

    /// <summary>Refuses options that this runtime does not carry out, or that have no use for the model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="options">The options, complete.</param>
    /// <param name="hasEnd">Whether the tokens are sentences that end.</param>
    /// <exception cref="TweedieException">An option cannot be carried out; the message names it.</exception>
    public static void Check(OnnxModelOptions model, SamplingOptions options, bool hasEnd)
    {
        var isMasked = model.State == OnnxState.Masked;
        var commits = Commits(options);
        if (options.Sampler is SamplerKind.Posterior or SamplerKind.Ddim)
            Refuse(nameof(options.Sampler), options.Sampler, $"is not among the samplers of exported models, which are renoise, commit and leftToRight; {Way}");
        if (commits && options.Control)
            Refuse(nameof(options.Sampler), options.Sampler, "is not for the noise-only control, which feeds nothing back; leave it out.");
        if (commits && options.OpenFollow != true && options.Grid is not null)
            Refuse(nameof(options.Grid), options.Grid, "spaces the levels of open tokens, which stay at the noisiest level unless openFollow is set; leave it out or set openFollow.");
        if (options.Grid == TimestepDistribution.CrossEntropy)
            Refuse(nameof(options.Grid), options.Grid, $"follows a measurement, which an exported model does not carry; {Way}");
        if (options.Soft == true)
            Refuse(nameof(options.Soft), true, $"is not done by exported models; {Way}");
        if (options.Beams > 1)
            Refuse(nameof(options.Beams), options.Beams, "is for an autoregressive model (ar); leave it out.");
        if (options.ToOne != ToOneKind.Multinomial && options.Unmasking != UnmaskingKind.Ancestral && (options.Temperature ?? 1) != 1)
            Refuse(nameof(options.Temperature), options.Temperature, "changes what is drawn, but argmax draws nothing; choose multinomial as the to-one rule, or leave it out.");
        if (options.ToOne != ToOneKind.Multinomial && options.Unmasking != UnmaskingKind.Ancestral && (options.TopP ?? 1) != 1)
            Refuse(nameof(options.TopP), options.TopP, "changes what is drawn, but argmax draws nothing; choose multinomial as the to-one rule, or leave it out.");
        if (options.Grid is not (TimestepDistribution.LogSnr or TimestepDistribution.LogSnrWindow) && (options.LogSnrMin ?? options.LogSnrMax) is { } window)
            Refuse(options.LogSnrMin is null ? nameof(options.LogSnrMax) : nameof(options.LogSnrMin), window, "is for the grids logSnr and logSnrWindow; leave it out.");
        foreach (var (name, value, sampler) in new (string, object?, string)[]
        {
            (nameof(options.Eta), options.Eta, "ddim"), (nameof(options.Churn), options.Churn, "ddim and posterior"),
            (nameof(options.Stagger), options.Stagger, "renoise, posterior and ddim with a level per token"),
        })
            if (value is not null)
                Refuse(name, value, $"is for the sampler {sampler}, which exported models lack; {Way}");
        foreach (var (name, value) in new (string, object?)[] { (nameof(options.Revise), options.Revise), (nameof(options.OpenFollow), options.OpenFollow) })
            if (value is not null && !commits)
                Refuse(name, value, "is for the samplers commit and leftToRight; leave it out.");
        if (!hasEnd && (options.LengthBias ?? 0) != 0)
            Refuse(nameof(options.LengthBias), options.LengthBias, "is for sentences, and this model's tokens have no end; leave it out.");
        if (model.ConditionTokens == 0 && options.Guidance != 1)
            Refuse(nameof(options.Guidance), options.Guidance, "strengthens a condition, and this model has none; leave it out.");
        if (options.Choose != CandidateChoice.None && (!hasEnd || options.Draws == 1))
            Refuse(nameof(options.Choose), options.Choose, hasEnd ? "chooses among several draws, and there is one; ask for more." : "chooses among sentences, and this model has none; leave it out.");
        if (isMasked)
            CheckMasked(options);
        else if (options.Unmasking == UnmaskingKind.Ancestral)
            Refuse(nameof(options.Unmasking), options.Unmasking, "is not for one-hot diffusion, which hides no tokens; leave it out.");
        if (options.Control && options.StopWhenStable > 0)
            Refuse(nameof(options.StopWhenStable), options.StopWhenStable, "is not for the noise-only control, whose steps never settle; leave it out.");
    }

    private static void CheckMasked(SamplingOptions options)
    {
        const string problem = "is not for masked diffusion (mdd); leave it out.";
        if (options.Control)
            Refuse(nameof(options.Control), true, problem);
        if (options.Decode == DecodeKind.Consensus)
            Refuse(nameof(options.Decode), options.Decode, problem);
        if (options.StopWhenStable > 0)
            Refuse(nameof(options.StopWhenStable), options.StopWhenStable, problem);
        foreach (var (name, value) in new (string, object?)[] { (nameof(options.Sampler), options.Sampler), (nameof(options.Grid), options.Grid), (nameof(options.Soft), options.Soft), (nameof(options.ToldDelay), options.ToldDelay), (nameof(options.ToldFloor), options.ToldFloor), (nameof(options.NoiseScale), options.NoiseScale) })
            if (value is not null)
                Refuse(name, value, problem);
        if (options.Draws > 1 && options is { ToOne: not ToOneKind.Multinomial, Unmasking: not UnmaskingKind.Ancestral })
            Refuse(nameof(options.Draws), options.Draws, "is more than one, but draws by argmax and confidence are all the same; draw them by multinomial or unmask ancestrally.");
    }

    private static void Refuse(string option, object? value, string problem)
    {
        var text = FormattableString.Invariant($"{value}");
        throw new TweedieException(new OptionFault(option, value is Enum or bool ? $"{char.ToLowerInvariant(text[0])}{text[1..]}" : text, problem));
    }
}
