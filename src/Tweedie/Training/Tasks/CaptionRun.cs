using System.ComponentModel.DataAnnotations;
using Tweedie.Evaluation;
using Tweedie.Images;
using Tweedie.Models;
using Tweedie.Sampling;
using static TorchSharp.torch;

namespace Tweedie.Training;

/// <summary>Trains an image captioner.</summary>
public sealed record CaptionRun : TokenRun, IValidatableObject
{
    /// <summary>The task's name in configs.</summary>
    public const string Name = "caption";

    /// <summary>A run with the defaults for captions: DDCap's optimiser, no coefficient, 100 sampling steps.</summary>
    public CaptionRun()
    {
        Training = new TrainingOptions { Epochs = 30, BatchSize = 512, WarmupEpochs = 5, WeightDecay = 0.01, Coefficient = false };
        Evaluation = new EvaluationOptions { Steps = [100] };
    }

    /// <inheritdoc/>
    public override string Task { get; init; } = Name;

    /// <summary>The captioned images; <see cref="CaptionSources.Open"/>.</summary>
    public DataOptions Data { get; init; } = new();

    /// <summary>The vocabulary.</summary>
    public TokenizerOptions Tokenizer { get; init; } = new();

    /// <summary>The model; its normalisation comes from the data.</summary>
    public CaptionerOptions Model { get; init; } = new();

    /// <summary>The weight in the loss of a padding token behind the end of a caption; other tokens have the weight 1.</summary>
    [Range(0.0, 1.0)]
    public double PaddingWeight { get; init; } = 1;

    /// <summary>
    /// Captions of an image in each step, which share its condition: more words for the price of one encoding. An image with fewer captions gives some of them
    /// again.
    /// </summary>
    [Range(1, 64)]
    public int CaptionsPerImage { get; init; } = 1;

    /// <inheritdoc/>
    public override ITrainingTask CreateTask(Device device, CancellationToken cancellation = default)
    {
        var model = Begin(Model, Data);
        var splits = CaptionSplits.Open(Data, Seed, model.Input.Channels, cancellation);
        var (train, held) = splits;
        (model, var extractor) = FrozenEncoder.Open(model);
        ModelFolder.CheckStorable(model);
        var tokenizer = Tokenizer.Create(train, cancellation);
        var targets = new CaptionTargets(train, tokenizer, model.Tokens, Seed, captions: CaptionsPerImage);
        return new TokenTask(new()
        {
            Config = this with { Model = model },
            Data = Data,
            Train = train,
            Held = held,
            Model = model,
            Classes = tokenizer.VocabularySize,
            Description = $"{model.Method.ToString().ToLowerInvariant()} captioner of {model.Tokens} tokens among {tokenizer.VocabularySize:N0}",
            Warnings = [.. splits.Warnings, .. targets.Warnings(cancellation)],
            Wrap = (network, where) => TrainedModel.Of(new ImageCaptioner(model, network, tokenizer, where)),
            Targets = targets.Row,
            HeldTargets = held is null ? null : new CaptionTargets(held, tokenizer, model.Tokens, Seed).Row,
            Weights = tokens => PaddingWeights.Of(tokens, tokenizer.Special.End, PaddingWeight),
            ChoosingMetric = "ciderD",
            Logged = ([DecodeKind.Last], Metrics(held)),
            EncoderFrom = EncoderFrom,
            Extractor = extractor,
            FreezeEncoder = FreezeEncoder,
        }, device);
    }

    // The meaning is known of generated scenes alone.
    private static string[] Metrics(ICaptionSource? held)
    {
        string[] scores = ["bleu4", "rougeL", "ciderD"];
        return held is { Count: > 0 } && SceneMeaning.RightShare([""], [held.GetCaptions(0)[0]]) is not null ? [.. scores, "rightMeaning"] : scores;
    }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Model.Method == TokenMethod.Ar && Training.Reuse > 1)
            yield return new ValidationResult($"training.reuse = {Training.Reuse} repeats captions with other noise, and model.method = ar has no noise: give training.reuse = 1");
        if (Model.Method == TokenMethod.Ar && !Evaluation.Steps.SequenceEqual(new CaptionRun().Evaluation.Steps))
            yield return new ValidationResult(
                $"evaluation.steps = [{string.Join(", ", Evaluation.Steps)}] is no choice with model.method = ar, which decides one token per step: leave it out");
        foreach (var problem in Check(Model, Data))
            yield return problem;
        if (Data.Augment?.Mixup is not null)
            yield return new ValidationResult("data.augment.mixup mixes images, which have no mixed caption: leave it out");
        if (Data.LabelColumn is { } column)
            yield return new ValidationResult($"data.labelColumn = {column} is for labels, and task = {Name} has captions: leave it out, or name data.captionColumn");
    }
}
