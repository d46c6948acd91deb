using Tweedie.Images;
using Tweedie.Metrics;
using Tweedie.Models;
using Tweedie.Tensors;
using static TorchSharp.torch;

namespace Tweedie.Training;

/// <summary>What tasks on images share: the loader, the networks and where they are. A task adds its loss and its evaluation.</summary>
public abstract class ImageTask : ITrainingTask
{
    private readonly ImageLoader _loader;

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
        (Config, Data, Device, Samples) = (config, data, device, source.Count);
        var normalization = input.Normalization();
        _loader = new ImageLoader(source, ImageTransforms.ForTraining(input.Input.Height, data.Augment, normalization), normalization, new ImageLoaderOptions
        {
            BatchSize = config.Training.BatchSize,
            Shuffle = true,
            DropLast = true,
            Seed = config.Seed,
            Workers = data.Workers,
            MaxBadShare = data.MaxBadShare,
            Allocate = TensorBatchMemory.For(device),
            Erasing = data.Augment.Erasing is { } erasing ? new RandomErasing(erasing) : null,
        }, targets);
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

    /// <inheritdoc/>
    public IEnumerable<TokenBatch> Batches(int epoch, int startBatch, CancellationToken cancellation) =>
        _loader.Epoch(epoch, startBatch, cancellation).Select(TokenBatch.Of);

    /// <inheritdoc/>
    public abstract Tensor Loss(TokenBatch batch);

    /// <inheritdoc/>
    public abstract IReadOnlyDictionary<string, double> Evaluate(CancellationToken cancellation);

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
