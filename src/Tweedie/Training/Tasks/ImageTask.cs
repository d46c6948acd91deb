using System.ComponentModel.DataAnnotations;
using Tweedie.Images;
using Tweedie.Metrics;
using Tweedie.Models;
using Tweedie.Sampling;
using Tweedie.Tensors;
using static TorchSharp.torch;

namespace Tweedie.Training;

/// <summary>What tasks on images share: the loader, the networks and where they are. A task adds its loss and its evaluation.</summary>
public abstract class ImageTask : ITrainingTask
{
    private ImageLoader _loader;
    private readonly string _name;
    private readonly TargetRow? _targets;

    /// <summary>Opens the loader and reads one image, so that data that do not fit are found before anything is built.</summary>
    /// <param name="config">The run, fully resolved.</param>
    /// <param name="data">The run's data options.</param>
    /// <param name="source">The training images.</param>
    /// <param name="input">How images become the network's input.</param>
    /// <param name="device">Where to train.</param>
    /// <param name="targets">The tokens of an image; its label if null.</param>
    /// <exception cref="TweedieException">The image cannot be read, or the augmentation does not fit it.</exception>
    protected ImageTask(RunConfig config, DataOptions data, IImageSource source, ImageInputOptions input, Device device, TargetRow? targets = null)
    {
        (Config, Data, Device, Samples, _name, _targets) = (config, data, device, source.Count, source.Name, targets);
        var normalization = input.Normalization();
        _loader = new ImageLoader(source, ImageTransforms.ForTraining(input.Input.Height, data.Augment, normalization), normalization, LoaderOptions, targets);
        _ = _loader.Shape;
    }

    /// <inheritdoc/>
    public RunConfig Config { get; }

    /// <inheritdoc/>
    public abstract string Description { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <inheritdoc/>
    public int Samples { get; }

    /// <inheritdoc/>
    public TrainingData DataSummary => new()
    {
        Train = _name,
        Items = Samples,
        Unit = "images",
        Held = Held?.Name,
        HeldItems = Held?.Count ?? 0,
        HeldFrom = Data.HoldoutFrom == HoldoutSource.Train ? DataSplit.Train : DataSplit.Validation,
    };

    /// <summary>The held-out images, for the model's card; null where there are none.</summary>
    protected virtual IImageSource? Held => null;

    /// <inheritdoc/>
    public abstract IReadOnlyList<PartCost> Parts { get; }

    /// <inheritdoc/>
    public abstract nn.Module Network { get; }

    /// <inheritdoc/>
    public abstract nn.Module AverageNetwork { get; }

    /// <inheritdoc/>
    public Device Device { get; }

    /// <inheritdoc/>
    public int BatchesPerEpoch => _loader.BatchesPerEpoch;

    /// <summary>The run's data options.</summary>
    protected DataOptions Data { get; }

    private ImageLoaderOptions LoaderOptions => new()
    {
        BatchSize = Config.Training.BatchSize,
        Shuffle = true,
        DropLast = true,
        Seed = Config.Seed,
        Workers = Data.Workers,
        MaxBadShare = Data.MaxBadShare,
        Allocate = TensorBatchMemory.For(Device),
        Erasing = Data.Augment.Erasing is { } erasing ? new RandomErasing(erasing) : null,
    };

    /// <inheritdoc/>
    public virtual void Prepare(IProgress<FeatureProgress>? progress, CancellationToken cancellation) { }

    /// <summary>Trains on features from here on: batches hold (B, 1, M, d) in place of images.</summary>
    protected void Use(FeatureSet features) => _loader = new ImageLoader(features, LoaderOptions, _targets);

    /// <inheritdoc/>
    public IEnumerable<TokenBatch> Batches(int epoch, int startBatch, BatchPart part, CancellationToken cancellation) =>
        _loader.Epoch(epoch, startBatch, part, cancellation).Select(TokenBatch.Of);

    /// <inheritdoc/>
    public abstract Tensor Loss(TokenBatch batch);

    /// <inheritdoc/>
    public abstract IReadOnlyDictionary<string, double> Evaluate(CancellationToken cancellation);

    /// <inheritdoc/>
    public virtual IReadOnlyList<string>? Measured => null;

    /// <inheritdoc/>
    public virtual string ChoosingMetric => MetricInfo.ValidationLoss;

    /// <inheritdoc/>
    public abstract void SaveModel(string folder);

    /// <inheritdoc/>
    public virtual void Finish(string folder, CancellationToken cancellation) { }

    /// <inheritdoc/>
    public virtual void SaveDescription(string folder) { }

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>Which options of the training do not go with the model's diffusion process.</summary>
    internal static IEnumerable<ValidationResult> CheckDiffusion(ITokenModelOptions model, TrainingOptions training)
    {
        if (training.Timesteps == TimestepDistribution.CrossEntropy && !model.Diffusion.MeasuresLoss)
            yield return new ValidationResult("training.timesteps = crossEntropy follows a measurement: set model.diffusion.measuresLoss = true");
        if (model.Diffusion is { MeasuresLoss: true, Prediction: PredictionKind.Noise or PredictionKind.Clean })
            yield return new ValidationResult("model.diffusion.measuresLoss = true measures a cross-entropy, which a regression has not: leave it out");
        if (training.OwnStates > 0 && (model.Method != TokenMethod.Tdd || model.Diffusion.Prediction is PredictionKind.Noise or PredictionKind.Clean))
            yield return new ValidationResult("training.ownStates is for one-hot diffusion (tdd) that predicts logits: leave it out");
        if (model.Method != TokenMethod.Tdd && model.Diffusion.Known is not null)
            yield return new ValidationResult("model.diffusion.known is for one-hot diffusion (tdd), because the other methods see known tokens in any case: leave it out");
        if (training.TokenLevels > 0 && model.Method != TokenMethod.Tdd)
            yield return new ValidationResult("training.tokenLevels is for one-hot diffusion (tdd), whose tokens have noise levels: leave it out");
        if (training is { TokenLevels: 0, LevelPattern: not LevelPattern.Scattered })
            yield return new ValidationResult("training.levelPattern says which levels the items of training.tokenLevels have, and that is 0: set it, or leave the pattern out");
    }

    /// <summary>What of the data options does not go with a frozen encoder; nothing where the encoder is trained.</summary>
    internal static IEnumerable<ValidationResult> CheckFrozen(TokenModelOptions model, DataOptions data)
    {
        if (model.Frozen is null)
        {
            if (data.Views > 1)
                yield return new ValidationResult("data.views is for a frozen encoder, whose features are kept: use data.augment");
            if (data.FeatureCache is not null)
                yield return new ValidationResult("data.featureCache is for a frozen encoder (model.frozen): leave it out");
            yield break;
        }
        if (data.Augment != new AugmentOptions())
            yield return new ValidationResult("data.augment changes images in every epoch, but the features of model.frozen are computed once: use data.views");
        if (data.Mean is not null || data.Std is not null)
            yield return new ValidationResult("data.mean and data.std do not apply to model.frozen: use model.frozen.preprocess");
    }

    /// <summary>A model's options with the normalisation that the data options name, or their default.</summary>
    /// <typeparam name="TOptions">The model's options.</typeparam>
    /// <param name="model">The options; their channels count.</param>
    /// <param name="data">The run's data options.</param>
    /// <exception cref="TweedieException">The data options give another number of values than there are channels, or a deviation that is not positive.</exception>
    public static TOptions Normalize<TOptions>(TOptions model, DataOptions data) where TOptions : ImageInputOptions
    {
        var normalization = Normalization.Create(data, model.Input.Channels);
        return model with
        {
            Mean = [.. data.Mean ?? [.. normalization.Mean.Select(value => (double)value)]],
            Std = [.. data.Std ?? [.. normalization.Std.Select(value => (double)value)]],
        };
    }
}
