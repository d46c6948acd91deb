using System.ComponentModel.DataAnnotations;

namespace Tweedie.Sampling;

/// <summary>How a diffusion model is sampled. An option that is null takes the model's own default.</summary>
public sealed record SamplingOptions
{
    /// <summary>Number of steps, at most the model's timesteps. A classifier's default is 20, the paper's best (Fig. 5), a captioner's is 100.</summary>
    [Range(1, 100_000)]
    public int? Steps { get; init; }

    /// <summary>Guidance scale; 1 means no guidance.</summary>
    [Range(0.0, 100.0)]
    public double Guidance { get; init; } = 1;

    /// <summary>How the scale changes over the steps.</summary>
    public GuidanceSchedule GuidanceSchedule { get; init; }

    /// <summary>The to-one rule.</summary>
    public ToOneKind ToOne { get; init; }

    /// <summary>For masked diffusion: which tokens appear first.</summary>
    public UnmaskingKind Unmasking { get; init; }

    /// <summary>How the trajectory becomes a prediction. A classifier's default is consensus, a captioner's is last, the paper's rule.</summary>
    public DecodeKind? Decode { get; init; }

    /// <summary>The noise-only control: nothing is fed back; see <see cref="SamplingPlan.Control"/>.</summary>
    public bool Control { get; init; }

    /// <summary>Number of independent trajectories per image: a classifier averages them, a captioner gives one caption per trajectory.</summary>
    [Range(1, 10_000)]
    public int Draws { get; init; } = 1;

    /// <summary>Stop once every label or sentence of the batch has stayed the same for this many steps; 0, the default, runs all steps. Not for masked diffusion or the control.</summary>
    [Range(0, 100_000)]
    public int StopWhenStable { get; init; }

    /// <summary>Seed of noise and draws.</summary>
    public long Seed { get; init; }

    /// <summary>The guidance scale over the steps.</summary>
    public Guidance GuidanceOverSteps() => new(Guidance, GuidanceSchedule);

    /// <summary>These options, with a model's defaults where they are null.</summary>
    public SamplingOptions Over(SamplingOptions defaults) => this with { Steps = Steps ?? defaults.Steps, Decode = Decode ?? defaults.Decode };
}
