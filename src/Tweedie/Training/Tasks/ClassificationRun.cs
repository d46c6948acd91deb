using System.ComponentModel.DataAnnotations;
using Tweedie.Evaluation;
using Tweedie.Images;
using Tweedie.Models;
using Tweedie.Sampling;
using static TorchSharp.torch;

namespace Tweedie.Training;

/// <summary>Trains an image classifier.</summary>
public sealed record ClassificationRun : TokenRun, IValidatableObject
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
    public override ITrainingTask CreateTask(Device device, CancellationToken cancellation = default)
    {
        var begun = Begin(Model, Data);
        var splits = OpenData(begun.Input.Channels, cancellation);
        var (train, names) = (splits.Train, Model.ClassNames);
        CheckClasses(train);
        if (names.Count != 0 && names.Count != train.ClassNames.Count)
            throw new TweedieException($"model.classNames has {names.Count} entries, but {train.Name} has {train.ClassNames.Count} classes; give one name per class, or none.");
        var named = begun with { ClassNames = names.Count == 0 ? train.ClassNames : names };
        var isRenamed = !named.ClassNames.SequenceEqual(train.ClassNames);
        named = named with { DataClasses = isRenamed ? train.ClassNames : null };
        var (model, extractor) = FrozenEncoder.Open(named);
        ModelFolder.CheckStorable(model);
        return new TokenTask(new()
        {
            Config = this with { Model = model },
            Data = Data,
            Train = train,
            Held = splits.Held,
            Model = model,
            Classes = model.ClassNames.Count,
            Description = $"{model.Method.ToString().ToLowerInvariant()} classifier",
            Warnings = [.. splits.Warnings, .. isRenamed ? [$"'{train.Name}': model.classNames renames its classes in their order: {train.ClassNames[0]} is {names[0]}, and so on."] : (string[])[]],
            Wrap = (network, where) => TrainedModel.Of(new ImageClassifier(model, network, where)),
            EncoderFrom = EncoderFrom,
            Extractor = extractor,
            FreezeEncoder = FreezeEncoder,
            ChoosingMetric = "top1",
            Logged = ([DecodeKind.Last, DecodeKind.Consensus], ["top1"]),
            Finish = splits.Held is not { } held ? null : (folder, images, settings, cancellation) =>
            {
                using var classifier = ImageClassifier.Load(folder, device);
                ImageClassifier.Calibrate(folder, Calibrator.Fit(classifier, held, images(classifier.Model, cancellation), settings, cancellation));
            },
        }, device);
    }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var problem in Check(Model, Data))
            yield return problem;
        if (Model.Method == TokenMethod.Tdd && Data.Augment?.Mixup is not null)
            yield return new ValidationResult(
                "data.augment.mixup needs soft targets, which model.method = tdd has not: leave it out or use linear or mlp");
        if (Data.CaptionColumn is { } column)
            yield return new ValidationResult($"data.captionColumn = {column} is for tasks with captions, and task = {Name} has none: leave it out");
    }

    /// <summary>
    /// Opens the data. Where the config says what the data call the classes, or names some of them as the data do, they are matched by name; other names of
    /// the config are new names for the classes of the data, in their order.
    /// </summary>
    private ImageSplits OpenData(int channels, CancellationToken cancellation)
    {
        if (Model.DataClasses is { Count: > 0 } classes)
            return Open(classes);
        var splits = Open(null);
        return splits.Train.ClassNames.Intersect(Model.ClassNames).Any() && !splits.Train.ClassNames.SequenceEqual(Model.ClassNames) ? Open(Model.ClassNames) : splits;

        ImageSplits Open(IReadOnlyList<string>? names) => ImageSplits.Open(Data, Seed, channels, names, cancellation);
    }

    private static void CheckClasses(IImageSource train)
    {
        var found = new HashSet<int>();
        for (var index = 0; index < train.Count && found.Count < 2; index++)
        {
            if (train.HasLabel(index))
                found.Add(train.GetLabel(index));
        }

        if (found.Count < 2)
            throw new TweedieException(found.Count == 0
                ? $"'{train.Name}': none of its {train.Count} images has a label; a classifier needs images of at least two classes."
                : $"'{train.Name}': all {train.Count} images are of the class {OneLine.Of(train.ClassNames[found.First()])}; a classifier needs images of at least two classes.");
    }
}
