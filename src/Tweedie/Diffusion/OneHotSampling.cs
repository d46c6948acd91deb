using Tweedie.Sampling;

namespace Tweedie.Diffusion;

/// <summary>Turns sampling options into a reverse process of one-hot diffusion: a plan of levels and a sampler.</summary>
internal static class OneHotSampling
{
    /// <summary>The reverse process that the options describe.</summary>
    /// <param name="process">The diffusion process.</param>
    /// <param name="options">The options, complete.</param>
    /// <param name="code">How well tokens can be told apart, for grids by decode accuracy.</param>
    /// <param name="endToken">The token that ends a sentence, or null.</param>
    /// <param name="paddingToken">The token that fills places behind it, or null.</param>
    /// <exception cref="TweedieException">Options do not go together.</exception>
    public static ReverseProcess Create(OneHotDiffusion process, SamplingOptions options, TokenCode? code, long? endToken, long? paddingToken)
    {
        Check(options, endToken);
        var (schedule, steps) = (process.Schedule, options.Steps ?? 1);
        var commits = options.Sampler is SamplerKind.Commit or SamplerKind.LeftToRight;
        var grid = options.Control || (commits && options.OpenFollow != true) ? SamplingPlan.Control(schedule, steps) : Grid(process, options, code, steps);
        var plan = SamplingPlan.Tell(grid, schedule.Timesteps, options.ToldDelay ?? 0, options.ToldFloor ?? 0);
        return new(process, plan, Sampler(options, schedule, plan), ToOne.Create(options), options.GuidanceOverSteps(), options.StopWhenStable, endToken,
            options.LengthBias ?? 0, paddingToken, options.NoiseScale ?? 1);
    }

    /// <summary>Refuses every option that only one-hot diffusion has.</summary>
    /// <exception cref="TweedieException">One of them is given.</exception>
    public static void Refuse(SamplingOptions options, string reason)
    {
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

    private static IReadOnlyList<NoiseLevel> Grid(OneHotDiffusion process, SamplingOptions options, TokenCode? code, int steps)
    {
        var schedule = process.Schedule;
        return options.Grid is null or TimestepDistribution.Uniform
            ? SamplingPlan.Uniform(schedule, steps)
            : SamplingPlan.Spread(schedule, options.Grid == TimestepDistribution.CrossEntropy ? Measured(process) : TimeDensity.Create(
                options.Grid.Value, schedule, options.LogSnrMin ?? double.NegativeInfinity, options.LogSnrMax ?? double.PositiveInfinity, code), steps);
    }

    private static TimeDensity Measured(OneHotDiffusion process) => process.MeasuredDensity() ?? throw new TweedieException(new OptionFault(
        nameof(SamplingOptions.Grid), "crossEntropy", "follows a measurement, and this model has none; train it with model.diffusion.measuresLoss = true, or take another grid."));

    private static ISampler Sampler(SamplingOptions options, NoiseSchedule schedule, IReadOnlyList<NoiseLevel> plan)
    {
        if (options.Control)
            return new Independent();
        var clean = schedule.Level(0);
        ISampler sampler = options.Sampler switch
        {
            SamplerKind.Posterior => new Posterior(options.Soft ?? false),
            SamplerKind.Ddim => new Ddim(options.Eta ?? 0, options.Soft ?? true),
            SamplerKind.Commit => new Commit(TokenOrder.Confidence, clean, options.Revise ?? false),
            SamplerKind.LeftToRight => new Commit(TokenOrder.LeftToRight, clean, options.Revise ?? false),
            _ => new Renoise(options.Soft ?? false),
        };
        return options.Churn is > 0 and var gamma ? new Churn(sampler, schedule, gamma)
            : options.Stagger is > 0 and var spread ? new Stagger(sampler, plan, spread, options.StaggerOrder ?? TokenOrder.Confidence) : sampler;
    }

    private static void Check(SamplingOptions options, long? endToken)
    {
        var commits = options.Sampler is SamplerKind.Commit or SamplerKind.LeftToRight;
        if (options.Control)
            Refuse(options with { ToldDelay = null, ToldFloor = null }, "is not for the noise-only control, which feeds nothing back; leave it out.");
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
        if (endToken is null)
            Refuse(nameof(options.LengthBias), options.LengthBias, "is for sentences, and this model's tokens have no end; leave it out.");
    }

    private static void Refuse(string option, object? value, string reason)
    {
        if (value is null)
            return;
        var text = FormattableString.Invariant($"{value}");
        throw new TweedieException(new OptionFault(option, char.ToLowerInvariant(text[0]) + text[1..], reason));
    }
}
