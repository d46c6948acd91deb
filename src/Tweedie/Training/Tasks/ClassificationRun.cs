using System.ComponentModel.DataAnnotations;
using Tweedie.Evaluation;
using Tweedie.Images;
using Tweedie.Models;
using Tweedie.Sampling;
using static TorchSharp.torch;

namespace Tweedie.Training;

/// <summary>Trains an image classifier.</summary>
public sealed record ClassificationRun : RunConfig, IValidatableObject
{
    /// <summary>The task's name in configs.</summary>
    public const string Name = "classification";

    /// <inheritdoc/>
    public override string Task { get; init; } = Name;

    /// <summary>The images.</summary>
    public DataOptions Data { get; init; } = new();

    /// <summary>The model; its normalisation comes from the data, and its class names where none are given.</summary>
    public ClassifierOptions Model { get; init; } = new();

    /// <inheritdoc/>
    public override ITrainingTask CreateTask(Device device)
    {
        var splits = ImageSplits.Open(Data, Seed, Model.Encoder.Channels);
        var names = Model.ClassNames;
        if (names.Count != 0 && names.Count != splits.Train.ClassNames.Count)
            throw new TweedieException($"model.classNames has {names.Count} entries, but {splits.Train.Name} has {splits.Train.ClassNames.Count} classes; give one name per class, or none.");
        var model = ImageTask.Normalize(Model, Data) with { ClassNames = names.Count == 0 ? splits.Train.ClassNames : names };
        return new TokenTask(new()
        {
            Config = this with { Model = model },
            Data = Data,
            Train = splits.Train,
            Held = splits.Held,
            Model = model,
            Classes = model.ClassNames.Count,
            Description = $"{model.Method.ToString().ToLowerInvariant()} classifier",
            Wrap = (network, where) => ITrainedModel.Of(new ImageClassifier(model, network, where)),
            ChoosingMetric = "top1",
            Logged = ([DecodeKind.Last, DecodeKind.Consensus], ["top1"]),
            Finish = splits.Held is not { } held ? null : (folder, settings, cancellation) =>
            {
                using var classifier = ImageClassifier.Load(folder, device);
                ImageClassifier.Calibrate(folder, Calibrator.Fit(classifier, held, settings, Data.MaxBadShare, cancellation));
            },
        }, device);
    }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Model.Method == TokenMethod.Tdd && Evaluation.Steps.Any(steps => steps > Model.Diffusion.Timesteps))
            yield return new ValidationResult(
                $"evaluation.steps = [{string.Join(", ", Evaluation.Steps)}] has more steps than model.diffusion.timesteps = {Model.Diffusion.Timesteps}");
        if (Model.Method == TokenMethod.Tdd && Data.Augment?.Mixup is not null)
            yield return new ValidationResult(
                "data.augment.mixup needs soft targets, which model.method = tdd has not: leave it out or use linear");
    }
}
