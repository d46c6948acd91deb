using System.ComponentModel.DataAnnotations;
using Tweedie.Images;
using Tweedie.Models;
using Tweedie.Sampling;
using static TorchSharp.torch;

namespace Tweedie.Training;

/// <summary>Trains a model that predicts several attributes of an image.</summary>
public sealed record AnnotationRun : TokenRun, IValidatableObject
{
    /// <summary>The task's name in configs.</summary>
    public const string Name = "annotation";

    /// <summary>A run with the defaults for attributes: those for captions, in 20 sampling steps.</summary>
    public AnnotationRun()
    {
        Training = new CaptionRun().Training with { BatchSize = 64, WarmupEpochs = 1, LabelSmoothing = 0 };
        Evaluation = new EvaluationOptions { Steps = [20] };
    }

    /// <inheritdoc/>
    public override string Task { get; init; } = Name;

    /// <summary>The images with their attributes; <see cref="AnnotatedSources.Open"/>.</summary>
    public DataOptions Data { get; init; } = new();

    /// <summary>The columns that are attributes, in this order; by default all but that of the files.</summary>
    public IReadOnlyList<string>? Columns { get; init; }

    /// <summary>The model; its attributes and its normalisation come from the data.</summary>
    public AnnotatorOptions Model { get; init; } = new();

    /// <inheritdoc/>
    public override ITrainingTask CreateTask(Device device, CancellationToken cancellation = default)
    {
        var model = Begin(Model, Data);
        var (train, held) = AnnotatedSources.Split(Data, Seed, model.Input.Channels, Columns, cancellation);
        model = model with { Tokens = train.Columns.Count };
        (model, var extractor) = FrozenEncoder.Open(model);
        ModelFolder.CheckStorable(model);
        return new TokenTask(new()
        {
            Config = this with { Model = model },
            Data = Data,
            Train = train,
            Held = held,
            Model = model,
            Classes = train.Columns.VocabularySize,
            Description = $"{model.Method.ToString().ToLowerInvariant()} annotator of {model.Tokens} attributes among {train.Columns.VocabularySize:N0} entries",
            Warnings = [.. train.Warnings.Union(held?.Warnings ?? [])],
            Wrap = (network, where) => TrainedModel.Of(new ImageAnnotator(model, network, train.Columns, where)),
            Targets = Rows(train),
            HeldTargets = held is null ? null : Rows(held),
            ChoosingMetric = "exactRows",
            Logged = ([DecodeKind.Last], ["exactRows", "exactTokens"]),
            EncoderFrom = EncoderFrom,
            Extractor = extractor,
            FreezeEncoder = FreezeEncoder,
        }, device);
    }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Model.Method == TokenMethod.Ar && Training.Reuse > 1)
            yield return new ValidationResult($"training.reuse = {Training.Reuse} repeats rows with other noise, and model.method = ar has no noise: give training.reuse = 1");
        foreach (var problem in Check(Model, Data))
            yield return problem;
        if (Data.Augment?.Mixup is not null)
            yield return new ValidationResult("data.augment.mixup mixes images, which have no mixed attributes: leave it out");
        if ((Data.LabelColumn ?? Data.CaptionColumn) is { } column)
            yield return new ValidationResult($"data.labelColumn and data.captionColumn, here {column}, are for other tasks: name the attributes by columns");
    }

    private static TargetRow Rows(IAnnotatedSource source) => (_, index) =>
    {
        var row = new long[source.Columns.Count];
        source.ReadRow(index, row);
        return row;
    };
}
