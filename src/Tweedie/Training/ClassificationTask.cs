using TorchSharp;
using Tweedie.Data;
using Tweedie.Evaluation;
using Tweedie.Models;
using static TorchSharp.torch;

namespace Tweedie.Training;

/// <summary>Trains an image classifier, by diffusion or with a linear head, on a labelled image source.</summary>
public sealed class ClassificationTask : ITrainingTask
{
    private readonly RunConfig config;
    private readonly ClassifierNetwork network;
    private readonly ImageClassifier average;
    private readonly ImageLoader trainLoader;
    private readonly IImageSource? held;
    private readonly DiffusionLoss? diffusionLoss;

    /// <summary>Opens the data and creates the networks from the run's seed.</summary>
    /// <exception cref="TweedieException">The data cannot be opened or does not fit the model.</exception>
    public ClassificationTask(RunConfig config, Device device)
    {
        (this.config, Device) = (config, device);
        var encoder = config.Model.Encoder;
        var splits = ImageSplits.Open(config.Data, config.Seed, encoder.Channels);
        ModelOptions = Resolve(config, splits.Train);
        trainLoader = new ImageLoader(splits.Train, ImageTransforms.ForTraining(encoder.ImageSize, config.Data.Augment), ModelOptions.Normalization(), new ImageLoaderOptions
        {
            BatchSize = config.Training.BatchSize,
            Shuffle = true,
            DropLast = true,
            Seed = config.Seed,
            Workers = config.Data.Workers,
        });
        held = splits.Held;

        manual_seed(Seeds.Derive(config.Seed, SeedPurpose.Initialize));
        network = new ClassifierNetwork(ModelOptions);
        network.to(device);
        average = new ImageClassifier(ModelOptions, new ClassifierNetwork(ModelOptions), device);
        if (ModelOptions.Method == ClassifierMethod.Tdd)
            diffusionLoss = new DiffusionLoss(config.Training, ModelOptions.Diffusion);
    }

    /// <summary>The model as it is built: with the data's classes and normalisation.</summary>
    public ClassifierOptions ModelOptions { get; }

    /// <inheritdoc/>
    public nn.Module Network => network;

    /// <inheritdoc/>
    public nn.Module AverageNetwork => average.Network;

    /// <inheritdoc/>
    public Device Device { get; }

    /// <inheritdoc/>
    public int BatchesPerEpoch => trainLoader.BatchesPerEpoch;

    /// <inheritdoc/>
    public IEnumerable<ImageBatch> Batches(int epoch, int startBatch, CancellationToken cancellation) =>
        trainLoader.Epoch(epoch, startBatch, CancellationToken.None);

    /// <inheritdoc/>
    public Tensor Loss(Tensor images, Tensor labels)
    {
        using var scope = NewDisposeScope();
        var condition = network.Encoder.forward(images);
        var loss = diffusionLoss?.Compute(network.Denoiser, condition, labels.unsqueeze(1))
            ?? nn.functional.cross_entropy(network.LinearLogits(condition).to(float32), labels, label_smoothing: config.Training.LabelSmoothing);
        return loss.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Evaluate(CancellationToken cancellation)
    {
        var metrics = new Dictionary<string, double>();
        if (held is null)
            return metrics;
        using var images = EncodedImages.Encode(average, held, config.Evaluation.BatchSize, cancellation);
        var settings = new ClassificationSettings { Steps = config.Evaluation.Steps, Guidance = [config.Evaluation.Guidance], Seed = config.Seed };
        foreach (var row in ClassificationEvaluator.Evaluate(average, images, settings, cancellation))
            metrics[row.Name] = row.Top1;
        return metrics;
    }

    /// <inheritdoc/>
    public void SaveModel(string folder) => average.Save(folder);

    /// <inheritdoc/>
    public void Dispose()
    {
        network.Dispose();
        average.Dispose();
    }

    private static ClassifierOptions Resolve(RunConfig config, IImageSource train)
    {
        var normalization = Normalization.Create(config.Data, config.Model.Encoder.Channels);
        var names = config.Model.ClassNames;
        if (names.Count != 0 && names.Count != train.ClassNames.Count)
            throw new TweedieException($"model.classNames has {names.Count} entries, but {train.Name} has {train.ClassNames.Count} classes; give one name a class, or none.");
        return config.Model with
        {
            ClassNames = names.Count == 0 ? train.ClassNames : names,
            Mean = [.. normalization.Mean.Select(value => (double)value)],
            Std = [.. normalization.Std.Select(value => (double)value)],
        };
    }
}
