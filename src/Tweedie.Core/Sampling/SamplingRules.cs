namespace Tweedie.Sampling;

/// <summary>Which sampling options go together. Models in libtorch and exported models refuse the same ones, each with one line that names the option.</summary>
public static class SamplingRules
{
    /// <summary>Refuses options that one-hot diffusion cannot follow.</summary>
    /// <param name="options">The options, complete.</param>
    /// <param name="hasEnd">Whether the tokens are sentences that end.</param>
    /// <exception cref="TweedieException">Options do not go together.</exception>
    public static void CheckOneHot(SamplingOptions options, bool hasEnd)
    {
        ArgumentNullException.ThrowIfNull(options);
        var commits = Commits(options);
        if (options is { Control: true, StopWhenStable: > 0 })
            Refuse(nameof(options.StopWhenStable), options.StopWhenStable, "is not for the noise-only control, whose steps do not follow from each other and never settle; leave it out.");
        if (options.Beams > 1)
            Refuse(nameof(options.Beams), options.Beams, "is for an autoregressive model (ar); leave it out.");
        if (options.Unmasking == UnmaskingKind.Ancestral)
            Refuse(nameof(options.Unmasking), options.Unmasking, "is not for one-hot diffusion, which hides no tokens; leave it out.");
        if (options.Control)
            RefuseOneHot(options with { ToldDelay = null, ToldFloor = null }, "is not for the noise-only control, which feeds nothing back; leave it out.");
        if (options.Sampler != SamplerKind.Ddim)
            Refuse(nameof(options.Eta), options.Eta, "is for the sampler ddim alone; leave it out.");
        if (options.Sampler is not (SamplerKind.Ddim or SamplerKind.Posterior))
            Refuse(nameof(options.Churn), options.Churn, "is for the samplers ddim and posterior, which keep their noise; leave it out.");
        if (commits)
            Refuse(nameof(options.Stagger), options.Stagger, "is for the samplers renoise, posterior and ddim; those that commit tokens take one after the other anyhow. Choose one of those three as the sampler, or leave it out.");
        if (options.Stagger is null or 0)
            Refuse(nameof(options.StaggerOrder), options.StaggerOrder, "says in which order staggered tokens begin, and nothing is staggered; set stagger, or leave it out.");
        if (options.Churn is > 0)
            Refuse(nameof(options.Stagger), options.Stagger, "does not go together with churn, which keeps one level for all tokens; leave one of them out.");
        if (commits)
            Refuse(nameof(options.Soft), options.Soft, "is not for samplers that commit tokens, which need to choose them; leave it out.");
        if (commits && options.OpenFollow != true)
            Refuse(nameof(options.Grid), options.Grid, "spaces the levels of open tokens, which stay at the noisiest level unless openFollow is set; leave it out or set openFollow.");
        if (!commits)
        {
            Refuse(nameof(options.Revise), options.Revise, "is for the samplers commit and leftToRight; leave it out.");
            Refuse(nameof(options.OpenFollow), options.OpenFollow, "is for the samplers commit and leftToRight; leave it out.");
        }
        if (options.Grid is not (TimestepDistribution.LogSnr or TimestepDistribution.LogSnrWindow))
        {
            Refuse(nameof(options.LogSnrMin), options.LogSnrMin, "is for the grids logSnr and logSnrWindow; leave it out.");
            Refuse(nameof(options.LogSnrMax), options.LogSnrMax, "is for the grids logSnr and logSnrWindow; leave it out.");
        }
        if (!hasEnd)
            Refuse(nameof(options.LengthBias), options.LengthBias, "is for sentences, and this model's tokens have no end; leave it out.");
    }

    /// <summary>Refuses options that masked diffusion cannot follow.</summary>
    /// <param name="options">The options, complete.</param>
    /// <exception cref="TweedieException">An option is for other models, or options do not go together.</exception>
    public static void CheckMasked(SamplingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Control)
            Refuse(nameof(options.Control), true, "is not for masked diffusion (mdd), which has no noise-only control; leave it out.");
        if (options.Decode == DecodeKind.Consensus)
            Refuse(nameof(options.Decode), options.Decode, "is not for masked diffusion (mdd), whose steps do not all predict every token; leave it out.");
        if (options.StopWhenStable > 0)
            Refuse(nameof(options.StopWhenStable), options.StopWhenStable, "is not for masked diffusion (mdd), which decides each token once, so that its sentences never settle early; leave it out.");
        if (options.Beams > 1)
            Refuse(nameof(options.Beams), options.Beams, "is for an autoregressive model (ar); leave it out.");
        if (options is { Draws: > 1, ToOne: not ToOneKind.Multinomial, Unmasking: not UnmaskingKind.Ancestral })
            Refuse(nameof(options.Draws), options.Draws, "is more than one, but draws of masked diffusion (mdd) by argmax and confidence are all the same; draw them by multinomial or unmask ancestrally.");
        RefuseOneHot(options, "is for one-hot diffusion (tdd), whose states are noisy, and masked diffusion (mdd) hides tokens; leave it out.");
    }

    /// <summary>Refuses options that an autoregressive model cannot follow.</summary>
    /// <param name="options">The options, complete.</param>
    /// <param name="tokens">N.</param>
    /// <exception cref="TweedieException">An option is for other models, or options do not go together.</exception>
    public static void CheckAutoregressive(SamplingOptions options, int tokens)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Steps is { } steps && steps != tokens)
            Refuse(nameof(options.Steps), steps, "is no choice with an autoregressive model (ar), which decides one token per step; leave it out.");
        if (options.Control)
            Refuse(nameof(options.Control), true, "is not for an autoregressive model (ar), which has no noise; leave it out.");
        if (options.Decode == DecodeKind.Consensus)
            Refuse(nameof(options.Decode), options.Decode, "is not for an autoregressive model (ar), whose steps do not all predict every token; leave it out.");
        if (options.StopWhenStable > 0)
            Refuse(nameof(options.StopWhenStable), options.StopWhenStable, "is not for an autoregressive model (ar), which stops when all sentences have ended; leave it out.");
        if (options.Unmasking == UnmaskingKind.Ancestral)
            Refuse(nameof(options.Unmasking), options.Unmasking, "is not for an autoregressive model (ar), which hides no tokens; leave it out.");
        if (options is { Beams: > 1, ToOne: ToOneKind.Multinomial })
            Refuse(nameof(options.Beams), options.Beams, "looks for the most probable sentence and draws nothing; leave it or multinomial out.");
        if (options is { Beams: > 1, Draws: > 1 })
            Refuse(nameof(options.Beams), options.Beams, "gives one sentence per image, and several draws were asked for; leave one of them out.");
        if (options is { Draws: > 1, ToOne: not ToOneKind.Multinomial })
            Refuse(nameof(options.Draws), options.Draws, "is more than one, but draws of an autoregressive model (ar) by argmax are all the same; draw them by multinomial.");
        RefuseOneHot(options, "is for one-hot diffusion (tdd), and an autoregressive model (ar) has no noise; leave it out.");
        Refuse(nameof(options.LengthBias), options.LengthBias, "is for methods that fill places in parallel, and an autoregressive model (ar) ends a sentence where it does; leave it out.");
    }

    /// <summary>Refuses a temperature and a top-p where nothing is drawn.</summary>
    /// <exception cref="TweedieException">The options have one that changes something.</exception>
    public static void CheckSharpening(SamplingOptions options)
    {
        const string problem = "changes what is drawn, but argmax draws nothing; choose multinomial as the to-one rule, or leave it out.";
        ArgumentNullException.ThrowIfNull(options);
        if (options.Temperature is not (null or 1))
            Refuse(nameof(options.Temperature), options.Temperature, problem);
        if (options.TopP is not (null or 1))
            Refuse(nameof(options.TopP), options.TopP, problem);
    }

    /// <summary>Refuses every option that only one-hot diffusion has.</summary>
    /// <param name="options">The options.</param>
    /// <param name="reason">What follows the option's name and value.</param>
    /// <exception cref="TweedieException">One of them is given.</exception>
    public static void RefuseOneHot(SamplingOptions options, string reason)
    {
        ArgumentNullException.ThrowIfNull(options);
        Refuse(nameof(options.Sampler), options.Sampler, reason);
        Refuse(nameof(options.Grid), options.Grid, reason);
        Refuse(nameof(options.LogSnrMin), options.LogSnrMin, reason);
        Refuse(nameof(options.LogSnrMax), options.LogSnrMax, reason);
        Refuse(nameof(options.Soft), options.Soft, reason);
        Refuse(nameof(options.Eta), options.Eta, reason);
        Refuse(nameof(options.Churn), options.Churn, reason);
        Refuse(nameof(options.Revise), options.Revise, reason);
        Refuse(nameof(options.OpenFollow), options.OpenFollow, reason);
        Refuse(nameof(options.ToldDelay), options.ToldDelay, reason);
        Refuse(nameof(options.ToldFloor), options.ToldFloor, reason);
        Refuse(nameof(options.NoiseScale), options.NoiseScale, reason);
        Refuse(nameof(options.Stagger), options.Stagger, reason);
        Refuse(nameof(options.StaggerOrder), options.StaggerOrder, reason);
    }

    /// <summary>Whether the sampler commits tokens, one after the other.</summary>
    public static bool Commits(SamplingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.Sampler is SamplerKind.Commit or SamplerKind.LeftToRight;
    }

    /// <summary>Refuses an option that has a value.</summary>
    /// <param name="option">The name of its member.</param>
    /// <param name="value">Its value; null passes.</param>
    /// <param name="reason">What follows the name and the value.</param>
    /// <exception cref="TweedieException">It has one.</exception>
    public static void Refuse(string option, object? value, string reason)
    {
        if (value is null)
            return;
        var text = FormattableString.Invariant($"{value}");
        throw new TweedieException(new OptionFault(option, value is Enum or bool ? $"{char.ToLowerInvariant(text[0])}{text[1..]}" : text, reason));
    }
}
