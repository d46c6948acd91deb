using System.ComponentModel.DataAnnotations;
using Tweedie.Diffusion;
using Tweedie.Diffusion.Masked;

namespace Tweedie.Evaluation;

/// <summary>The grid of samplings to evaluate; every combination is one row.</summary>
public sealed record CaptionSettings
{
    /// <summary>Numbers of sampling steps.</summary>
    [Range(1, 100_000)]
    public IReadOnlyList<int> Steps { get; init; } = [100];

    /// <summary>Guidance scales.</summary>
    [Range(0.0, 100.0)]
    public IReadOnlyList<double> Guidance { get; init; } = [1];

    /// <summary>How the guidance scale moves over the steps.</summary>
    public GuidanceSchedule GuidanceSchedule { get; init; }

    /// <summary>To-one rules.</summary>
    public IReadOnlyList<ToOneKind> ToOne { get; init; } = [ToOneKind.Argmax];

    /// <summary>For masked diffusion: which tokens appear first.</summary>
    public UnmaskingKind Unmasking { get; init; }

    /// <summary>Decodings; all of them come from the same trajectories. Masked diffusion has only the last.</summary>
    public IReadOnlyList<DecodeKind> Decode { get; init; } = [DecodeKind.Last];

    /// <summary>Whether to add the noise-only control beside each row; masked diffusion has none.</summary>
    public bool Control { get; init; }

    /// <summary>Seed of noise and draws.</summary>
    public long Seed { get; init; }

    /// <summary>Images that are encoded and denoised at a time.</summary>
    [Range(1, 1_000_000)]
    public int BatchSize { get; init; } = 100;
}
