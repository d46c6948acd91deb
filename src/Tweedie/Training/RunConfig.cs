using Tweedie.Data;
using Tweedie.Models;

namespace Tweedie.Training;

/// <summary>What a run trains.</summary>
public enum TaskKind
{
    /// <summary>Image classification.</summary>
    Classification,
}

/// <summary>A training run as its config file describes it.</summary>
public sealed record RunConfig
{
    /// <summary>What is trained.</summary>
    public TaskKind Task { get; init; }

    /// <summary>The run's seed: initial weights, order, augmentation, timesteps and noise follow from it.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>The images.</summary>
    public DataOptions Data { get; init; } = new();

    /// <summary>The model; its class names come from the data.</summary>
    public ClassifierOptions Model { get; init; } = new();

    /// <summary>How it is trained.</summary>
    public TrainingOptions Training { get; init; } = new();

    /// <summary>How it is evaluated during training.</summary>
    public EvaluationOptions Evaluation { get; init; } = new();
}
