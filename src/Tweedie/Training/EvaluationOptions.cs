using System.ComponentModel.DataAnnotations;

namespace Tweedie.Training;

/// <summary>Evaluation on the held-out part during training.</summary>
public sealed record EvaluationOptions
{
    /// <summary>Epochs between two evaluations; 0 evaluates after the last epoch only.</summary>
    [Range(0, 1_000_000)]
    public int EveryEpochs { get; init; } = 1;

    /// <summary>Numbers of sampling steps to evaluate; at most the model's timesteps.</summary>
    [MinLength(1), Range(1, 100_000)]
    public IReadOnlyList<int> Steps { get; init; } = [1, 20];

    /// <summary>Guidance scale.</summary>
    [Range(0.0, 100.0)]
    public double Guidance { get; init; } = 1;

    /// <summary>Images per batch.</summary>
    [Range(1, 1_000_000)]
    public int BatchSize { get; init; } = 500;
}
