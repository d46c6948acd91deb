using Tweedie.Experiments.Cells;
using Tweedie.Sampling;
using Tweedie.Training;

namespace Tweedie.Experiments.Paper;

/// <summary>A change to TDD without the coefficient: to its training, or to its sampling alone.</summary>
/// <param name="Title">What is changed.</param>
internal sealed record Variation(string Title)
{
    /// <summary>The change to the training; by default there is none.</summary>
    public Func<ClassificationRun, ClassificationRun> Train { get; init; } = run => run;

    /// <summary>The change to the sampling; by default there is none.</summary>
    public Func<SamplingOptions, SamplingOptions> Sample { get; init; } = sampling => sampling;

    /// <summary>What is fed back at every step; null is the paper's loop.</summary>
    public FeedbackWeights? Feedback { get; init; }

    /// <summary>All variations that are tried; the first is none.</summary>
    public static IReadOnlyList<Variation> All { get; } =
    [
        new("TDD, without coefficient"),
        new("feedback 0.1·onehot + 1.0·ε (E0)") { Feedback = new(Clean: 0.1, Noise: 1.0) },
        new("to one by a draw from the softmax") { Sample = sampling => sampling with { ToOne = ToOneKind.Multinomial } },
        new("the softmax itself fed back") { Sample = sampling => sampling with { Soft = true } },
        new("no guidance in sampling") { Sample = sampling => sampling with { Guidance = 1 } },
        new("guidance from 1 up to the scale") { Sample = sampling => sampling with { GuidanceSchedule = GuidanceSchedule.Linear } },
        new("asymmetric time: told a third of the steps late") { Sample = sampling => sampling with { ToldDelay = sampling.Steps / 3 } },
        new("steps by decode accuracy") { Sample = sampling => sampling with { Grid = TimestepDistribution.DecodeAccuracy } },
        new("sampler: posterior (DDPM)") { Sample = sampling => sampling with { Sampler = SamplerKind.Posterior } },
        new("sampler: DDIM") { Sample = sampling => sampling with { Sampler = SamplerKind.Ddim } },
        Trained("T = 100", run => run with { Model = run.Model with { Diffusion = run.Model.Diffusion with { Timesteps = 100 } } }),
        Trained("R = 1", run => run with { Training = run.Training with { Reuse = 1 } }),
        Trained("R = 16", run => run with { Training = run.Training with { Reuse = 16 } }),
        Trained("timesteps: Beta(1.5, 1)", run => run with { Training = run.Training with { Timesteps = TimestepDistribution.Beta } }),
        Trained("timesteps: by decode accuracy", run => run with { Training = run.Training with { Timesteps = TimestepDistribution.DecodeAccuracy } }),
        Trained("timesteps: log-SNR within −4 … 4", run => run with { Training = run.Training with { Timesteps = TimestepDistribution.LogSnrWindow, LogSnrMin = -4, LogSnrMax = 4 } }),
        Trained("schedule: log-SNR from −4 to 4", run => run with { Model = run.Model with { Diffusion = run.Model.Diffusion with { Schedule = ScheduleKind.LogSnr, LogSnrMin = -4, LogSnrMax = 4 } } }),
        Trained("λ = 0.5 (λ-hot)", run => run with { Model = run.Model with { Diffusion = run.Model.Diffusion with { Scale = 0.5 } } }),
        Trained("λ = 0.25", run => run with { Model = run.Model with { Diffusion = run.Model.Diffusion with { Scale = 0.25 } } }),
        Trained("self-conditioning", run => run with { Model = run.Model with { Denoiser = run.Model.Denoiser with { SelfConditioning = true } } }),
        Trained("newest weights, no average", run => run with { Training = run.Training with { EmaDecay = 0 } }),
    ];

    /// <summary>The variation of a title.</summary>
    public static Variation Of(string title) => All.First(variation => variation.Title == title);

    /// <summary>The training of a seed.</summary>
    public TrainingCell Training(Benchmark benchmark, long seed)
    {
        var run = benchmark.For(Arm.NoCoefficient, seed);
        var changed = Train(run);
        return changed == run ? Study.Training(benchmark, Arm.NoCoefficient, seed) : new(changed, $"{benchmark.Title}: TDD, {Title}");
    }

    /// <summary>The sampling of each seed of the variants.</summary>
    public IReadOnlyList<SamplingCell> Samplings(Study study, Benchmark benchmark, SamplingOptions sampling) =>
        [.. study.SeedValues.Take(study.VariantSeeds).Select(seed => new SamplingCell(Training(benchmark, seed), Sample(sampling) with { Seed = seed }) { Feedback = Feedback })];

    private static Variation Trained(string title, Func<ClassificationRun, ClassificationRun> train) => new(title) { Train = train };
}
