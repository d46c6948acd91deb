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
        SamplingRules.CheckOneHot(options, endToken is not null);
        var (schedule, steps) = (process.Schedule, options.Steps ?? 1);
        var grid = options.Control || (SamplingRules.Commits(options) && options.OpenFollow != true) ? SamplingPlan.Control(schedule, steps) : Grid(process, options, code, steps);
        var plan = SamplingPlan.Tell(grid, schedule.Timesteps, options.ToldDelay ?? 0, options.ToldFloor ?? 0);
        return new(process, plan, Sampler(options, schedule, plan), ToOne.Create(options), options.GuidanceOverSteps(), options.StopWhenStable, endToken,
            options.LengthBias ?? 0, paddingToken, options.NoiseScale ?? 1);
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
}
