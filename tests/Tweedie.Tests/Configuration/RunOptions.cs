using System.ComponentModel.DataAnnotations;

namespace Tweedie.Tests.Configuration;

/// <summary>Options as a run has them: every kind of value that a configuration can hold.</summary>
internal sealed record RunOptions
{
    public string Name { get; init; } = "run";
    public string? Notes { get; init; }
    public long Seed { get; init; }
    public NoiseKind Noise { get; init; } = NoiseKind.LogSnr;
    public TrainingOptions Training { get; init; } = new() { BatchSize = 64 };
    public IReadOnlyList<StageOptions> Stages { get; init; } = [];
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    public string Title => $"{Name} {Seed}"; // computed: neither read nor written

    internal enum NoiseKind { Cosine, Linear, LogSnr }

    internal sealed record TrainingOptions : IValidatableObject
    {
        [Range(1, 100_000)]
        public int Epochs { get; init; } = 10;

        public int WarmupEpochs { get; init; } = 1;

        [Range(1, int.MaxValue)]
        public int BatchSize { get; init; } = 32;

        [Range(0.0, 1.0, MinimumIsExclusive = true)]
        public double LearningRate { get; init; } = 1e-4;

        [Range(0.0, 1.0, MaximumIsExclusive = true), MinLength(2), MaxLength(2)]
        public IReadOnlyList<double> Betas { get; init; } = [0.9, 0.95];

        [Range(0, 1)]
        public double? Clip { get; init; }

        public float Smoothing { get; init; } = 0.1f;

        public bool Mixed { get; init; }

        public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
        {
            if (WarmupEpochs > Epochs)
                yield return new($"must be at most epochs ({Epochs})", [nameof(WarmupEpochs)]);
            if (Mixed && BatchSize == 1)
                yield return new("mixed precision needs more than one item");
        }
    }

    internal sealed record StageOptions
    {
        public required string Kind { get; init; }
        public int[] Sizes { get; init; } = [];
    }
}
