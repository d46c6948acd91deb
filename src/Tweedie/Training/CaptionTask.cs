using TorchSharp;
using Tweedie.Data;
using Tweedie.Evaluation;
using Tweedie.Models;
using Tweedie.Text;
using static TorchSharp.torch;

namespace Tweedie.Training;

/// <summary>Trains an image captioner, by one-hot or by masked diffusion, on captioned images.</summary>
public sealed class CaptionTask : ITrainingTask
{
    private readonly CaptionRun _config;
    private readonly CaptionerNetwork _network;
    private readonly ImageCaptioner _average;
    private readonly ITokenizer _tokenizer;
    private readonly ImageLoader _trainLoader;
    private readonly ICaptionSource? _held;
    private readonly Func<Tensor, Tensor, Tensor, Tensor> _loss;

    /// <summary>Opens the data, makes the vocabulary and creates the networks from the run's seed.</summary>
    /// <exception cref="TweedieException">The data, the vocabulary or the encoder cannot be opened, or they do not fit.</exception>
    public CaptionTask(CaptionRun config, Device device)
    {
        Device = device;
        _config = config with { Model = Resolve(config) };
        var encoder = ModelOptions.Encoder;
        var (train, held) = CaptionSplits.Open(config.Data, config.Seed, encoder.Channels);
        (_held, Samples, _tokenizer) = (held, train.Count, config.Tokenizer.Create(train));
        var targets = new CaptionTargets(train, _tokenizer, ModelOptions.Tokens, config.Seed);
        Warnings = [.. train.Warnings, .. targets.Warnings()];
        _trainLoader = TrainingLoader.Create(config, config.Data, train, encoder.ImageSize, ModelOptions.Normalization(), device, targets.Row);

        manual_seed(Seeds.Derive(config.Seed, SeedPurpose.Initialize));
        _network = CreateNetwork();
        _average = new ImageCaptioner(ModelOptions, CreateNetwork(), _tokenizer, device);
        _network.to(device);
        _loss = CreateLoss();
    }

    /// <inheritdoc/>
    public RunConfig Config => _config;

    /// <inheritdoc/>
    public string Description =>
        $"{ModelOptions.Method.ToString().ToLowerInvariant()} captioner of {ModelOptions.Tokens} tokens among {_tokenizer.VocabularySize:N0}";

    /// <inheritdoc/>
    public IReadOnlyList<string> Warnings { get; }

    /// <inheritdoc/>
    public int Samples { get; }

    /// <inheritdoc/>
    public IReadOnlyList<PartCost> Parts => ModelCost.Of(ModelOptions, _tokenizer.VocabularySize);

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
        var weights = PaddingWeights.Of(targets, _tokenizer.Special.End, _config.PaddingWeight);
        return _loss(Condition(images), targets, weights).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Evaluate(CancellationToken cancellation)
    {
        var metrics = new Dictionary<string, double>();
        if (_held is null)
            return metrics;
        var settings = new CaptionSettings
        {
            Steps = _config.Evaluation.Steps,
            Guidance = [_config.Evaluation.Guidance],
            Seed = _config.Seed,
            BatchSize = _config.Evaluation.BatchSize,
        };
        _average.WeightsChanged(); // since the last evaluation
        foreach (var row in CaptionEvaluator.Evaluate(_average, _held, settings, _config.Data.MaxBadShare, cancellation))
        {
            if (row.Captions.Count < _held.Count)
                metrics["unreadable"] = 1 - (double)row.Captions.Count / _held.Count;
            metrics[$"bleu4.{row.Steps}steps"] = row.Scores.Bleu.Score(4);
            metrics[$"rougeL.{row.Steps}steps"] = row.Scores.RougeL;
            if (row.RightMeaning is { } right)
                metrics[$"rightMeaning.{row.Steps}steps"] = right;
        }
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

    private CaptionerOptions ModelOptions => _config.Model;

    private Tensor Condition(Tensor images)
    {
        if (!_config.FreezeEncoder)
            return _network.Condition(images);
        using var noGrad = no_grad();
        _network.Encoder.eval();
        return _network.Condition(images);
    }

    private CaptionerNetwork CreateNetwork()
    {
        var network = new CaptionerNetwork(ModelOptions, _tokenizer.VocabularySize);
        if (_config.EncoderFrom is { } folder)
        {
            using var scope = NewDisposeScope();
            using var trained = ImageEncoder.Load(folder);
            network.Encoder.load_state_dict(trained.Network.state_dict());
        }
        foreach (var parameter in network.Encoder.parameters())
            parameter.requires_grad = !_config.FreezeEncoder;
        return network;
    }

    private Func<Tensor, Tensor, Tensor, Tensor> CreateLoss()
    {
        if (ModelOptions.Method == CaptionMethod.Mdd)
        {
            var masked = new MaskedLoss(_config.Training);
            return (condition, tokens, weights) => masked.Compute(_network.Denoiser, condition, tokens, weights);
        }
        var diffusion = new DiffusionLoss(_config.Training, ModelOptions.Diffusion);
        return (condition, tokens, weights) => diffusion.Compute(_network.Denoiser, condition, tokens, weights);
    }

    private static CaptionerOptions Resolve(CaptionRun config)
    {
        if (config.EncoderFrom is { } folder)
        {
            var trained = ImageEncoder.ReadOptions(folder);
            return config.Model with { Encoder = trained.Encoder, Mean = trained.Mean, Std = trained.Std };
        }
        var normalization = Normalization.Create(config.Data, config.Model.Encoder.Channels);
        return config.Model with
        {
            Mean = [.. config.Data.Mean ?? [.. normalization.Mean.Select(value => (double)value)]],
            Std = [.. config.Data.Std ?? [.. normalization.Std.Select(value => (double)value)]],
        };
    }
}
