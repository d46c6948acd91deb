using TorchSharp;
using Tweedie.Data;
using Tweedie.Evaluation;
using Tweedie.Models;
using static TorchSharp.torch;

namespace Tweedie.Training;

/// <summary>Trains an image classifier, by diffusion or with a linear head, on a labelled image source.</summary>
public sealed class ClassificationTask : ITrainingTask
{
    private readonly ClassificationRun _config;
    private readonly ClassifierNetwork _network;
    private readonly ImageClassifier _average;
    private readonly ImageLoader _trainLoader;
    private readonly IImageSource? _held;
    private readonly DiffusionLoss? _diffusionLoss;
    private readonly Mixup? _mixup;

    /// <summary>Opens the data and creates the networks from the run's seed.</summary>
    /// <exception cref="TweedieException">The data cannot be opened or does not fit the model.</exception>
    public ClassificationTask(ClassificationRun config, Device device)
    {
        Device = device;
        var encoder = config.Model.Encoder;
        var splits = ImageSplits.Open(config.Data, config.Seed, encoder.Channels);
        _config = config with { Model = Resolve(config, splits.Train) };
        _trainLoader = TrainingLoader.Create(config, config.Data, splits.Train, encoder.ImageSize, ModelOptions.Normalization(), device);
        (_held, Samples) = (splits.Held, splits.Train.Count);
        if (config.Data.Augment.Mixup is { } mixup)
            _mixup = new Mixup(mixup, ModelOptions.ClassNames.Count, config.Training.LabelSmoothing);
        if (ModelOptions.Method == ClassifierMethod.Tdd)
            _diffusionLoss = new DiffusionLoss(config.Training, ModelOptions.Diffusion);

        manual_seed(Seeds.Derive(config.Seed, SeedPurpose.Initialize));
        _network = new ClassifierNetwork(ModelOptions);
        _network.to(device);
        _average = new ImageClassifier(ModelOptions, new ClassifierNetwork(ModelOptions), device);
    }

    /// <inheritdoc/>
    public RunConfig Config => _config;

    /// <inheritdoc/>
    public string Description => $"{ModelOptions.Method.ToString().ToLowerInvariant()} classifier";

    /// <inheritdoc/>
    public int Samples { get; }

    /// <inheritdoc/>
    public IReadOnlyList<PartCost> Parts => ModelCost.Of(ModelOptions);

    /// <inheritdoc/>
    public nn.Module Network => _network;

    /// <inheritdoc/>
    public nn.Module AverageNetwork => _average.Network;

    /// <inheritdoc/>
    public Device Device { get; }

    /// <inheritdoc/>
    public int BatchesPerEpoch => _trainLoader.BatchesPerEpoch;

    /// <inheritdoc/>
    public IEnumerable<ImageBatch> Batches(int epoch, int startBatch, CancellationToken cancellation) =>
        _trainLoader.Epoch(epoch, startBatch, cancellation);

    /// <inheritdoc/>
    public Tensor Loss(Tensor images, Tensor targets)
    {
        using var scope = NewDisposeScope();
        var loss = _mixup is not null ? MixedLoss(_mixup, images, targets)
            : _diffusionLoss?.Compute(_network.Denoiser, _network.Encoder.forward(images), targets.unsqueeze(1))
            ?? nn.functional.cross_entropy(Logits(images), targets, label_smoothing: _config.Training.LabelSmoothing);
        return loss.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Evaluate(CancellationToken cancellation)
    {
        var metrics = new Dictionary<string, double>();
        if (_held is null)
            return metrics;
        using var images = EncodedImages.Encode(_average, _held, _config.Evaluation.BatchSize, _config.Data.MaxBadShare, cancellation);
        var settings = new ClassificationSettings
        {
            Steps = _config.Evaluation.Steps,
            Guidance = [_config.Evaluation.Guidance],
            Seed = _config.Seed,
            BatchSize = _config.Evaluation.BatchSize,
        };
        foreach (var row in ClassificationEvaluator.Evaluate(_average, images, settings, cancellation))
            metrics[row.Name] = row.Top1;
        if (images.LeftOut > 0)
            metrics["unreadable"] = (double)images.LeftOut / _held.Count;
        return metrics;
    }

    /// <inheritdoc/>
    public void SaveModel(string folder) => _average.Save(folder);

    /// <inheritdoc/>
    public void Dispose()
    {
        _network.Dispose();
        _average.Dispose();
    }

    private ClassifierOptions ModelOptions => _config.Model;

    private Tensor Logits(Tensor images) => _network.LinearLogits(_network.Encoder.forward(images)).to(float32);

    private Tensor MixedLoss(Mixup mixup, Tensor images, Tensor labels)
    {
        var seed = randint(long.MaxValue, [1], int64).item<long>();
        var (mixed, targets) = mixup.Apply(images, labels, new SampleRandom(seed));
        return nn.functional.cross_entropy(Logits(mixed), targets);
    }

    private static ClassifierOptions Resolve(ClassificationRun config, IImageSource train)
    {
        var normalization = Normalization.Create(config.Data, config.Model.Encoder.Channels);
        var names = config.Model.ClassNames;
        if (names.Count != 0 && names.Count != train.ClassNames.Count)
            throw new TweedieException($"model.classNames has {names.Count} entries, but {train.Name} has {train.ClassNames.Count} classes; give one name a class, or none.");
        return config.Model with
        {
            ClassNames = names.Count == 0 ? train.ClassNames : names,
            Mean = [.. config.Data.Mean ?? [.. normalization.Mean.Select(value => (double)value)]],
            Std = [.. config.Data.Std ?? [.. normalization.Std.Select(value => (double)value)]],
        };
    }
}
