using System.ComponentModel.DataAnnotations;
using Tweedie.Data;
using Tweedie.Models;

namespace Tweedie.Training;

/// <summary>A training run as its config file describes it.</summary>
public sealed record RunConfig : IValidatableObject
{
    /// <summary>What is trained.</summary>
    public TaskKind Task { get; init; }

    /// <summary>The run's seed: initial weights, order, augmentation, timesteps and noise follow from it.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>The images.</summary>
    public DataOptions Data { get; init; } = new();

    /// <summary>The model; its normalisation comes from the data, and its class names where none are given.</summary>
    public ClassifierOptions Model { get; init; } = new();

    /// <summary>How it is trained.</summary>
    public TrainingOptions Training { get; init; } = new();

    /// <summary>How it is evaluated during training.</summary>
    public EvaluationOptions Evaluation { get; init; } = new();

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Model.Method == ClassifierMethod.Tdd && Evaluation.Steps.Any(steps => steps > Model.Diffusion.Timesteps))
            yield return new ValidationResult(
                $"evaluation.steps = [{string.Join(", ", Evaluation.Steps)}] has more steps than model.diffusion.timesteps = {Model.Diffusion.Timesteps}");
        if (Model.Method == ClassifierMethod.Tdd && Data.Augment?.Mixup is not null)
            yield return new ValidationResult(
                "data.augment.mixup needs soft targets, which model.method = tdd has not: leave it out or use linear");
    }
}
