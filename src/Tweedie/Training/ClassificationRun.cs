using System.ComponentModel.DataAnnotations;
using Tweedie.Data;
using Tweedie.Models;
using static TorchSharp.torch;

namespace Tweedie.Training;

/// <summary>Trains an image classifier.</summary>
public sealed record ClassificationRun : RunConfig, IValidatableObject
{
    /// <inheritdoc/>
    public override TaskKind Task { get; init; } = TaskKind.Classification;

    /// <summary>The images.</summary>
    public DataOptions Data { get; init; } = new();

    /// <summary>The model; its normalisation comes from the data, and its class names where none are given.</summary>
    public ClassifierOptions Model { get; init; } = new();

    /// <inheritdoc/>
    public override ITrainingTask CreateTask(Device device) => new ClassificationTask(this, device);

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
