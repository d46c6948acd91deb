using System.Runtime.InteropServices;
using TorchSharp;
using Tweedie.Evaluation;
using Tweedie.Images;
using Tweedie.Metrics;
using Tweedie.Models;
using Tweedie.Networks;
using Tweedie.Text;
using static TorchSharp.torch;

namespace Tweedie.Training;

/// <summary>Trains a CLIP by the symmetric contrastive loss between the images and the captions of a batch (Radford et al. 2021).</summary>
internal sealed class ClipTask : ImageTask, IWholeBatchTask, ISharedEvaluation
{
    private readonly ClipModelOptions _options;
    private readonly ClipNetwork _network;
    private readonly ClipModel _average;
    private readonly ICaptionSource? _held;

    private ClipTask(ClipRun config, CaptionSplits splits, ITokenizer tokenizer, CaptionTargets targets, Device device, CancellationToken cancellation)
        : base(config, config.Data, splits.Train, config.Model, device, targets.Row)
    {
        (_options, _held, Warnings) = (config.Model, splits.Held, [.. splits.Warnings, .. targets.Warnings(cancellation)]);
        manual_seed(Seeds.Derive(config.Seed, SeedPurpose.Initialize));
        _network = new ClipNetwork(_options.Network);
        _network.to(device);
        _average = new ClipModel(_options, new ClipNetwork(_options.Network), tokenizer, device);
    }

    /// <summary>Opens the data and creates the networks from the run's seed.</summary>
    /// <exception cref="TweedieException">The data cannot be opened or do not fit the model.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static ClipTask Create(ClipRun config, Device device, CancellationToken cancellation)
    {
        var splits = CaptionSplits.Open(config.Data, config.Seed, cancellation: cancellation);
        var tokenizer = config.Tokenizer.Create(splits.Train, cancellation);
        var model = Resolve(config, tokenizer);
        ModelFolder.CheckStorable(model);
        var targets = new CaptionTargets(splits.Train, tokenizer, model.Network.Text.Length, config.Seed, withStart: true);
        return new ClipTask(config with { Model = model }, splits, tokenizer, targets, device, cancellation);
    }

    /// <inheritdoc/>
    public override string Description => $"CLIP, {_options.Network.Text.VocabularySize} vocabulary entries";

    /// <inheritdoc/>
    protected override IImageSource? Held => _held;

    /// <inheritdoc/>
    public override IReadOnlyList<PartCost> Parts => ModelCost.Of(_options.Network);

    /// <inheritdoc/>
    public override nn.Module Network => _network;

    /// <inheritdoc/>
    public override nn.Module AverageNetwork => _average.Network;

    /// <inheritdoc/>
    public override Tensor Loss(TokenBatch batch) => _network.ContrastiveLoss(batch.Inputs!, batch.Tokens, Config.Training.LabelSmoothing);

    /// <summary>The images' and the texts' features.</summary>
    public IReadOnlyList<Tensor> Features(TokenBatch batch) => [_network.Image.forward(batch.Inputs!), _network.Text.forward(batch.Tokens)];

    /// <inheritdoc/>
    public Tensor Loss(IReadOnlyList<Tensor> features) => _network.FeatureLoss(features[0], features[1], Config.Training.LabelSmoothing);

    /// <inheritdoc/>
    public override IReadOnlyList<string>? Measured => _held is null ? [] :
        ["imageToText.top1", "imageToText.top5", "textToImage.top1", "textToImage.top5", MetricInfo.ValidationLoss];

    /// <summary>Retrieval among all held-out images that can be read, and the first caption of each.</summary>
    public override IReadOnlyDictionary<string, double> Evaluate(CancellationToken cancellation) => Evaluate(ProcessGroup.Alone, cancellation);

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Evaluate(ProcessGroup processes, CancellationToken cancellation)
    {
        if (_held is not { } held)
            return new Dictionary<string, double>();
        using var scope = NewDisposeScope();
        var (images, texts) = processes.Together(() => Encode(held, processes.PartOf((held.Count + ClipModel.BatchSize - 1) / ClipModel.BatchSize), cancellation), CancellationToken.None);
        var (allImages, allTexts) = (Gather(processes, images), Gather(processes, texts));
        return processes.OnFirst(() => Measure(held, allImages, allTexts)) ?? new Dictionary<string, double>();
    }

    // The features of a part of the images that can be read, in whole batches of the encoder, and of their captions.
    private (Tensor Images, Tensor Texts) Encode(ICaptionSource held, Range batches, CancellationToken cancellation)
    {
        var (start, end) = (batches.Start.Value * ClipModel.BatchSize, Math.Min(batches.End.Value * ClipModel.BatchSize, held.Count));
        var read = new List<int>(held.Count);
        var images = _average.EncodeImages(Read(held, start, end, read), cancellation);
        return (images, _average.EncodeTexts(read.Select(index => held.GetCaptions(index)[0]), cancellation));
    }

    private Tensor Gather(ProcessGroup processes, Tensor features)
    {
        if (processes.Size == 1)
            return features;
        var all = processes.GatherBytes(features.cpu().bytes.ToArray()).SelectMany(bytes => MemoryMarshal.Cast<byte, float>(bytes).ToArray()).ToArray();
        return tensor(all, [all.Length / features.shape[1], features.shape[1]], device: Device);
    }

    private Dictionary<string, double> Measure(ICaptionSource held, Tensor images, Tensor texts)
    {
        var read = images.shape[0];
        if (read == 0)
            throw new TweedieException($"'{held.Name}': none of the {held.Count} held-out images can be read; 'tweedie data inspect' says why.");
        var retrieval = ImageTextRetrieval.Of(images, texts);
        var metrics = new Dictionary<string, double>
        {
            ["imageToText.top1"] = retrieval.ImageToText.Top1,
            ["imageToText.top5"] = retrieval.ImageToText.Top5,
            ["textToImage.top1"] = retrieval.TextToImage.Top1,
            ["textToImage.top5"] = retrieval.TextToImage.Top5,
            [MetricInfo.ValidationLoss] = ValidationLoss(images, texts),
        };
        if (read < held.Count)
            metrics["unreadable"] = 1 - (double)read / held.Count;
        return metrics;
    }

    /// <inheritdoc/>
    public override string ChoosingMetric => "imageToText.top1";

    /// <inheritdoc/>
    public override void SaveModel(string folder) => _average.Save(folder);

    /// <inheritdoc/>
    public override void SaveDescription(string folder) => ClipFolder.SaveDescription(folder, _average);

    /// <inheritdoc/>
    public override void Dispose()
    {
        _network.Dispose();
        _average.Dispose();
    }

    // In parts as large as the training's batches: the loss depends on how many pairs there are.
    private double ValidationLoss(Tensor images, Tensor texts)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var (sum, size) = (0.0, (long)Config.Training.BatchSize);
        foreach (var (part, caption) in images.split(size).Zip(texts.split(size)))
            sum += _average.Network.FeatureLoss(part, caption, Config.Training.LabelSmoothing).item<float>() * part.shape[0];
        return sum / images.shape[0];
    }

    /// <summary>Reads the images one by one; those that cannot be read are left out, within <see cref="DataOptions.MaxBadShare"/>.</summary>
    /// <param name="source">The images.</param>
    /// <param name="start">The first one.</param>
    /// <param name="end">The one behind the last.</param>
    /// <param name="indices">Receives the index of each image that was read.</param>
    private IEnumerable<RasterImage> Read(ICaptionSource source, int start, int end, List<int> indices)
    {
        var share = Data.MaxBadShare;
        var budget = new BadImageBudget(source.Name, (int)Math.Ceiling(share * source.Count));
        for (var index = start; index < end; index++)
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
