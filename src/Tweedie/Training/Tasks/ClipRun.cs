using System.ComponentModel.DataAnnotations;
using Tweedie.Images;
using Tweedie.Models;
using static TorchSharp.torch;

namespace Tweedie.Training;

/// <summary>Trains a CLIP on captioned images.</summary>
public sealed record ClipRun : RunConfig, IValidatableObject
{
    /// <summary>The task's name in configs.</summary>
    public const string Name = "clip";

    /// <summary>A run without label smoothing, as OpenAI's.</summary>
    public ClipRun() => Training = new TrainingOptions { LabelSmoothing = 0 };

    /// <inheritdoc/>
    public override string Task { get; init; } = Name;

    /// <summary>The captioned images; an image's caption is drawn anew in each epoch.</summary>
    public DataOptions Data { get; init; } = new();

    /// <summary>The captions' tokenizer; it is saved with the model.</summary>
    public TokenizerOptions Tokenizer { get; init; } = new();

    /// <summary>The model; its vocabulary comes from the tokenizer and its normalisation from the data.</summary>
    public ClipModelOptions Model { get; init; } = new();

    /// <inheritdoc/>
    public override ITrainingTask CreateTask(Device device, CancellationToken cancellation = default) => ClipTask.Create(this, device, cancellation);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Data.Augment?.Mixup is not null)
            yield return new ValidationResult("data.augment.mixup mixes images, which have no mixed caption: leave it out");
        if (Data.LabelColumn is { } column)
            yield return new ValidationResult($"data.labelColumn = {column} is for labels, and task = {Name} has captions: leave it out, or name data.captionColumn");
    }
}
