using System.ComponentModel.DataAnnotations;
using Tweedie.Diffusion;

namespace Tweedie.Evaluation;

/// <summary>The grid of samplings to evaluate; every combination is one row.</summary>
public sealed record ClassificationSettings
{
    /// <summary>Numbers of sampling steps.</summary>
    [Range(1, 100_000)]
    public IReadOnlyList<int> Steps { get; init; } = [1, 20];

    /// <summary>Guidance scales.</summary>
    [Range(0.0, 100.0)]
    public IReadOnlyList<double> Guidance { get; init; } = [1];

    /// <summary>How the guidance scale moves over the steps.</summary>
    public GuidanceSchedule GuidanceSchedule { get; init; }

    /// <summary>To-one rules.</summary>
    public IReadOnlyList<ToOneKind> ToOne { get; init; } = [ToOneKind.Argmax];

    /// <summary>Decodings; all of them come from the same trajectories.</summary>
    public IReadOnlyList<DecodeKind> Decode { get; init; } = [DecodeKind.Last, DecodeKind.Consensus];

    /// <summary>Whether to add the noise-only control beside each row.</summary>
    public bool Control { get; init; }

    /// <summary>Independent draws that are averaged.</summary>
    [Range(1, 10_000)]
    public int Draws { get; init; } = 1;

    /// <summary>Seed of noise and draws.</summary>
    public long Seed { get; init; }

    /// <summary>Images that are denoised at a time.</summary>
    [Range(1, 1_000_000)]
    public int BatchSize { get; init; } = 1000;
}
