using TorchSharp;
using Tweedie.Data;
using Tweedie.Evaluation;
using Tweedie.Models;
using Tweedie.Networks;
using Tweedie.Text;
using static TorchSharp.torch;

namespace Tweedie.Training;

/// <summary>Trains a CLIP by the symmetric contrastive loss between the images and the captions of a batch (Radford et al. 2021).</summary>
public sealed class ClipTask : ITrainingTask
{
    private readonly ClipRun _config;
    private readonly ClipNetwork _network;
    private readonly ClipModel _average;
    private readonly ImageLoader _trainLoader;
    private readonly ICaptionSource? _held;

    /// <summary>Opens the data and creates the networks from the run's seed.</summary>
    /// <exception cref="TweedieException">The data cannot be opened or do not fit the model.</exception>
    public ClipTask(ClipRun config, Device device)
    {
        Device = device;
        var splits = CaptionSplits.Open(config.Data, config.Seed);
        var tokenizer = config.Tokenizer.Create(splits.Train);
        _config = config with { Model = Resolve(config, tokenizer) };
        var network = _config.Model.Network;
        var targets = new CaptionTargets(splits.Train, tokenizer, network.Text.Length, config.Seed, withStart: true);
        _trainLoader = TrainingLoader.Create(config, config.Data, splits.Train, network.Image.ImageSize, _config.Model.Normalization(), device, targets.Row);
        (_held, Samples, Warnings) = (splits.Held, splits.Train.Count, [.. splits.Train.Warnings, .. targets.Warnings()]);

        manual_seed(Seeds.Derive(config.Seed, SeedPurpose.Initialize));
        _network = new ClipNetwork(network);
        _network.to(device);
        _average = new ClipModel(_config.Model, new ClipNetwork(network), tokenizer, device);
    }

    /// <inheritdoc/>
    public RunConfig Config => _config;

    /// <inheritdoc/>
    public string Description => $"CLIP, {_config.Model.Network.Text.VocabularySize} vocabulary entries";

    /// <inheritdoc/>
    public IReadOnlyList<string> Warnings { get; }

    /// <inheritdoc/>
    public int Samples { get; }

    /// <inheritdoc/>
    public IReadOnlyList<PartCost> Parts => ModelCost.Of(_config.Model.Network);

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
    public Tensor Loss(Tensor images, Tensor targets) => _network.ContrastiveLoss(images, targets, _config.Training.LabelSmoothing);

    /// <summary>Retrieval among all held-out images that can be read, and the first caption of each.</summary>
    public IReadOnlyDictionary<string, double> Evaluate(CancellationToken cancellation)
    {
        if (_held is not { } held)
            return new Dictionary<string, double>();
        using var scope = NewDisposeScope();
        var read = new List<int>(held.Count);
        var images = _average.EncodeImages(Read(held, read), cancellation);
        if (read.Count == 0)
            throw new TweedieException($"'{held.Name}': none of the {held.Count} held-out images can be read; 'tweedie data inspect' says why.");
        var texts = _average.EncodeTexts(read.Select(index => held.GetCaptions(index)[0]), cancellation);
        var retrieval = ImageTextRetrieval.Of(images, texts);
        var metrics = new Dictionary<string, double>
        {
            ["imageToText.top1"] = retrieval.ImageToText.Top1,
            ["imageToText.top5"] = retrieval.ImageToText.Top5,
            ["textToImage.top1"] = retrieval.TextToImage.Top1,
            ["textToImage.top5"] = retrieval.TextToImage.Top5,
        };
        if (read.Count < held.Count)
            metrics["unreadable"] = 1 - (double)read.Count / held.Count;
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

    /// <summary>Reads the images one by one; those that cannot be read are left out, within <see cref="DataOptions.MaxBadShare"/>.</summary>
    /// <param name="source">The images.</param>
    /// <param name="indices">Is given the index of each image that was read.</param>
    private IEnumerable<RasterImage> Read(ICaptionSource source, List<int> indices)
    {
        var share = _config.Data.MaxBadShare;
        var budget = new BadImageBudget(source.Name, (int)Math.Ceiling(share * source.Count));
        for (var index = 0; index < source.Count; index++)
        {
            RasterImage? image = null;
            BadImage? bad = null;
            try
            {
                image = source.Read(index);
            }
            catch (TweedieException error) when (share > 0)
            {
                bad = new BadImage(index, error.Message);
            }
            budget.Count([bad]);
            if (image is null)
                continue;
            indices.Add(index);
            yield return image;
        }
    }

    private static ClipModelOptions Resolve(ClipRun config, ITokenizer tokenizer)
    {
        var (model, text) = (config.Model, config.Model.Network.Text);
        return model with
        {
            Network = model.Network with { Text = text with { VocabularySize = tokenizer.VocabularySize, EndToken = tokenizer.Special.End } },
            Mean = [.. config.Data.Mean ?? [.. model.Mean]],
            Std = [.. config.Data.Std ?? [.. model.Std]],
        };
    }
}
