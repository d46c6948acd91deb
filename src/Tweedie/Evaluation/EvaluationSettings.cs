using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Tweedie.Sampling;

namespace Tweedie.Evaluation;

/// <summary>The grid of samplings to evaluate; every combination is one row.</summary>
public sealed record EvaluationSettings
{
    /// <summary>Numbers of sampling steps; the model's default if null.</summary>
    [Range(1, 100_000)]
    public IReadOnlyList<int>? Steps { get; init; }

    /// <summary>Guidance scales; the model's default if null.</summary>
    [Range(0.0, 100.0)]
    public IReadOnlyList<double>? Guidance { get; init; }

    /// <summary>How the guidance scale moves over the steps.</summary>
    public GuidanceSchedule GuidanceSchedule { get; init; }

    /// <summary>To-one rules; the model's default if null.</summary>
    public IReadOnlyList<ToOneKind>? ToOne { get; init; }

    /// <summary>Temperatures of the draws; the model's default if null.</summary>
    [Range(0.001, 1000.0)]
    public IReadOnlyList<double>? Temperature { get; init; }

    /// <summary>The mass that draws are limited to (<see cref="SamplingOptions.TopP"/>); the model's default if null.</summary>
    [Range(0.0, 1.0, MinimumIsExclusive = true)]
    public IReadOnlyList<double>? TopP { get; init; }

    /// <summary>For an autoregressive model: numbers of beams; the model's default if null.</summary>
    [Range(1, 100)]
    public IReadOnlyList<int>? Beams { get; init; }

    /// <summary>For masked diffusion: which tokens appear first; the model's default if null.</summary>
    public UnmaskingKind? Unmasking { get; init; }

    /// <summary>Decodings, all from the same trajectories; the paper's rule by default.</summary>
    public IReadOnlyList<DecodeKind> Decode { get; init; } = [DecodeKind.Last];

    /// <summary>Whether the grid has the samplings, the noise-only control beside each, or the control alone.</summary>
    public ControlKind Control { get; init; }

    /// <summary>What all samplings of the grid have in common, such as the sampler with its options. The properties above and below that are given replace its own.</summary>
    public SamplingOptions Sampling { get; init; } = new();

    /// <summary>Independent draws whose distributions are averaged.</summary>
    [Range(1, 10_000)]
    public int Draws { get; init; } = 1;

    /// <summary>Seed of noise and draws.</summary>
    public long Seed { get; init; }

    /// <summary>Items that are denoised at a time.</summary>
    [Range(1, 1_000_000)]
    public int BatchSize { get; init; } = 500;

    /// <summary>The number of rows of the grid.</summary>
    [JsonIgnore]
    public int Rows => Samplings().Count() * Decode.Count;

    /// <summary>The samplings of the grid, each for all decodings.</summary>
    internal IEnumerable<SamplingOptions> Samplings() =>
        from steps in Choices(Steps, Sampling.Steps)
        from guidance in Choices(Guidance, Sampling.Guidance)
        from toOne in Choices(ToOne, Sampling.ToOne)
        from temperature in Choices(Temperature, Sampling.Temperature)
        from topP in Choices(TopP, Sampling.TopP)
        from beams in Choices(Beams, Sampling.Beams)
        from control in Control switch { ControlKind.None => new[] { false }, ControlKind.Beside => [false, true], _ => [true] }
        select Sampling with
        {
            Steps = steps,
            Guidance = guidance,
            GuidanceSchedule = GuidanceSchedule,
            ToOne = toOne,
            Temperature = temperature,
            TopP = topP,
            Beams = beams,
            Unmasking = Unmasking ?? Sampling.Unmasking,
            Control = control,
            Draws = Draws,
        };

    // The values of one axis of the grid: those that are given, or the one that all samplings have in common, of which null stands for the model's default.
    private static IEnumerable<T?> Choices<T>(IReadOnlyList<T>? values, T? common) where T : struct => values?.Select(value => (T?)value) ?? [common];
}

/// <summary>Where the noise-only control stands in a grid.</summary>
public enum ControlKind
{
    /// <summary>There is none.</summary>
    None,
    /// <summary>Beside each row.</summary>
    Beside,
    /// <summary>In place of each row.</summary>
    Only,
}
