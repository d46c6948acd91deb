using System.ComponentModel.DataAnnotations;
using Tweedie.Diffusion;
using Tweedie.Diffusion.Masked;

namespace Tweedie.Models;

/// <summary>How a diffusion model is sampled.</summary>
public sealed record SamplingOptions
{
    /// <summary>Number of steps. Default: 20, the paper's best (Fig. 5).</summary>
    [Range(1, 100_000)]
    public int Steps { get; init; } = 20;

    /// <summary>Guidance scale; 1 is none.</summary>
    [Range(0.0, 100.0)]
    public double Guidance { get; init; } = 1;

    /// <summary>How the scale moves over the steps.</summary>
    public GuidanceSchedule GuidanceSchedule { get; init; }

    /// <summary>The to-one rule.</summary>
    public ToOneKind ToOne { get; init; }

    /// <summary>For masked diffusion: which tokens appear first.</summary>
    public UnmaskingKind Unmasking { get; init; }

    /// <summary>How the trajectory becomes a prediction.</summary>
    public DecodeKind Decode { get; init; }

    /// <summary>The noise-only control: nothing is fed back; see <see cref="SamplingPlan.Control"/>.</summary>
    public bool Control { get; init; }

    /// <summary>Number of independent trajectories of each image: a classifier averages them, a captioner gives a caption of each.</summary>
    [Range(1, 10_000)]
    public int Draws { get; init; } = 1;

    /// <summary>Stop once every label or sentence of the batch has stayed the same for this many steps; 0, the default, runs all steps. Not for masked diffusion or the control.</summary>
    [Range(0, 100_000)]
    public int StopWhenStable { get; init; }

    /// <summary>Seed of noise and draws.</summary>
    public long Seed { get; init; }

    /// <summary>The reverse process that these options describe.</summary>
    /// <param name="schedule">The model's noise schedule.</param>
    /// <param name="end">The token that ends a sentence, for <see cref="StopWhenStable"/>.</param>
    /// <exception cref="TweedieException">There are more steps than timesteps.</exception>
    public ReverseProcess CreateProcess(NoiseSchedule schedule, long? end = null)
    {
        if (Steps > schedule.Timesteps)
            throw new TweedieException($"steps = {Steps} is more than the model's {schedule.Timesteps} timesteps; use at most {schedule.Timesteps}.");
        var plan = Control ? SamplingPlan.Control(schedule.Timesteps, Steps) : SamplingPlan.Uniform(schedule.Timesteps, Steps);
        return new ReverseProcess(schedule, plan, Diffusion.ToOne.Create(ToOne), new Guidance(Guidance, GuidanceSchedule), StopWhenStable, end);
    }

    /// <summary>The reverse process of masked diffusion that these options describe.</summary>
    /// <exception cref="TweedieException">They ask for what masked diffusion has not.</exception>
    public UnmaskingProcess CreateUnmasking()
    {
        if (Control || Decode == DecodeKind.Consensus)
            throw new TweedieException("Masked diffusion has neither a noise-only control nor consensus decoding; leave them out for method = mdd.");
        if (Draws > 1 && ToOne == ToOneKind.Argmax && Unmasking == UnmaskingKind.Confidence)
            throw new TweedieException($"{Draws} captions of masked diffusion by argmax and confidence would all be the same; draw them by multinomial or unmask ancestrally.");
        IUnmasking rule = Unmasking == UnmaskingKind.Confidence ? new ConfidenceUnmasking(Diffusion.ToOne.Create(ToOne)) : new AncestralUnmasking();
        return new UnmaskingProcess(Steps, rule, new Guidance(Guidance, GuidanceSchedule));
    }
}
