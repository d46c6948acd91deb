using TorchSharp;
using Tweedie.Evaluation;
using Tweedie.Images;
using Tweedie.Metrics;
using Tweedie.Models;
using Tweedie.Networks;
using Tweedie.Sampling;
using Tweedie.Tensors;
using static TorchSharp.torch;

namespace Tweedie.Training;

/// <summary>Trains a model that predicts tokens from an image: a label, by diffusion or by a linear head, or a caption, by one-hot or masked diffusion or token by token.</summary>
internal sealed class TokenTask : ImageTask, ISharedEvaluation
{
    private readonly Setup _setup;
    private readonly TokenNetwork _network;
    private readonly TrainedModel _average;
    private readonly DiffusionLoss? _diffusion;
    private readonly LinearLoss? _linear;
    private readonly HeldOutLoss _heldOut;
    private TrainingFeatures? _features;

    /// <summary>Encodes the held-out images with a model.</summary>
    public delegate IEnumerable<EncodedImages> HeldOutImages(TokenModel model, CancellationToken cancellation);

    /// <summary>The settings in which such tasks differ.</summary>
    public sealed record Setup
    {
        /// <summary>The run, fully resolved.</summary>
        public required RunConfig Config { get; init; }

        /// <summary>The run's data options.</summary>
        public required DataOptions Data { get; init; }

        /// <summary>The training images.</summary>
        public required IImageSource Train { get; init; }

        /// <summary>The held-out images, if any.</summary>
        public required IImageSource? Held { get; init; }

        /// <summary>The model.</summary>
        public required TokenModelOptions Model { get; init; }

        /// <summary>K.</summary>
        public required int Classes { get; init; }

        /// <summary>A description of what is trained, in a few words.</summary>
        public required string Description { get; init; }

        /// <summary>What is wrong with the data but does not prevent training.</summary>
        public IReadOnlyList<string> Warnings { get; init; } = [];

        /// <summary>Makes the model of the averaged weights.</summary>
        public required Func<TokenNetwork, Device, TrainedModel> Wrap { get; init; }

        /// <summary>The tokens of an image; its label if null.</summary>
        public TargetRow? Targets { get; init; }

        /// <summary>The tokens of a held-out image; its label if null.</summary>
        public TargetRow? HeldTargets { get; init; }

        /// <summary>The weight in the loss of each token of rows (B, N); 1 if null.</summary>
        public Func<Tensor, Tensor>? Weights { get; init; }

        /// <summary>The metric by which the best model is chosen.</summary>
        public required string ChoosingMetric { get; init; }

        /// <summary>The decodings and metrics that are logged.</summary>
        public required (DecodeKind[] Decode, string[] Metrics) Logged { get; init; }

        /// <summary>Completes the kept model in its folder, with the settings of the evaluations; null where there is nothing to add.</summary>
        public Action<string, HeldOutImages, EvaluationSettings, CancellationToken>? Finish { get; init; }

        /// <summary>The frozen encoder whose features the model takes; the task owns it. Null where the model has an encoder of its own.</summary>
        public IFeatureExtractor? Extractor { get; init; }

        /// <summary>The folder of a model whose encoder this one begins with; null trains it from scratch.</summary>
        public string? EncoderFrom { get; init; }

        /// <summary>Whether the encoder stays as it was loaded.</summary>
        public bool FreezeEncoder { get; init; }
    }

    /// <summary>Creates the networks from the run's seed.</summary>
    /// <exception cref="TweedieException">The data or the encoder cannot be read, or do not fit the model.</exception>
    public TokenTask(Setup setup, Device device) : base(setup.Config, setup.Data, setup.Train, setup.Model, device, setup.Targets)
    {
        (_setup, Warnings) = (setup, setup.Warnings);
        var training = Config.Training;
        var process = setup.Model.HasHead ? null : setup.Model.CreateProcess(setup.Classes, training.Objective);
        if (process is null)
            _linear = new LinearLoss(training.LabelSmoothing, Data.Augment.Mixup is { } mixup ? new Mixup(mixup, setup.Classes, training.LabelSmoothing) : null);
        else
            _diffusion = new DiffusionLoss(process, training.Reuse, training.ConditionDropout, training.OwnStates, setup.Model.Diffusion.Known);

        using var trained = setup.EncoderFrom is { } folder ? ImageEncoder.Load(folder) : null;
        manual_seed(Seeds.Derive(Config.Seed, SeedPurpose.Initialize));
        _network = CreateNetwork(trained);
        _average = setup.Wrap(CreateNetwork(trained), device);
        _heldOut = new HeldOutLoss(setup, _average.Model.Network, _linear, process is null ? null : new DiffusionLoss(process, training.Reuse));
        _network.to(device);
        process?.Follow(_network.Denoiser.LossCurve);
    }

    /// <inheritdoc/>
    public override string Description => _setup.Description;

    /// <inheritdoc/>
    protected override IImageSource? Held => _setup.Held;

    /// <inheritdoc/>
    public override IReadOnlyList<PartCost> Parts => ModelCost.Of(_setup.Model, _setup.Classes);

    /// <inheritdoc/>
    public override nn.Module Network => _network;

    /// <inheritdoc/>
    public override nn.Module AverageNetwork => _average.Model.Network;

    /// <inheritdoc/>
    public override Tensor Loss(TokenBatch batch)
    {
        var (images, tokens) = (_features is null ? batch.Inputs! : batch.Inputs!.squeeze(1), batch.Tokens);
        if (_linear is not null)
            return _linear.Compute(_network, images, tokens.squeeze(1), Condition);
        using var scope = NewDisposeScope();
        tokens = tokens.view(-1, _setup.Model.Length); // the rows of an image, if there are several, become rows of the batch
        return _diffusion!.Compute(_network.Denoiser, Condition(images), tokens, _setup.Weights?.Invoke(tokens)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override void Prepare(IProgress<FeatureProgress>? progress, CancellationToken cancellation)
    {
        if (_setup.Extractor is not { } extractor)
            return;
        _features = new TrainingFeatures(extractor, Data, _setup.Train, _setup.Held, progress, cancellation);
        Use(_features.Train);
        using var sample = _features.Sample();
        foreach (var network in new[] { _network, _average.Model.Network })
            ((FeatureConditioner)network.Encoder).Standardize(sample);
    }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, double> Evaluate(CancellationToken cancellation) => Evaluate(ProcessGroup.Alone, cancellation);

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Evaluate(ProcessGroup processes, CancellationToken cancellation)
    {
        var metrics = new Dictionary<string, double>();
        TakeOverBuffers();
        if (_setup.Held is not { } held)
            return metrics;
        var measured = new List<HeldOutBatch>();
        var rows = processes.Together(() => Evaluator.Evaluate(_average.Model, HeldOut(_average.Model, processes.PartOf, cancellation).Select(batch =>
        {
            measured.Add(new(batch.Count, _heldOut.Sum(batch)));
            return batch;
        }), Settings, [() => new SharedMetric(_average.Metric!(held), processes)], cancellation), CancellationToken.None);
        foreach (var row in rows)
        {
            var values = row.Metric<SharedMetric>().Collect();
            foreach (var name in _setup.Logged.Metrics.Where(values.ContainsKey))
                metrics[$"{name}.{row.Name}"] = values[name];
        }
        var all = processes.Gather(measured).SelectMany(batches => batches).ToList();
        var read = all.Sum(batch => batch.Count);
        metrics[MetricInfo.ValidationLoss] = all.Sum(batch => batch.Loss) / read;
        if (read < held.Count)
            metrics["unreadable"] = 1 - (double)read / held.Count;
        return metrics;
    }

    /// <summary>A measured batch of held-out images.</summary>
    /// <param name="Count">The images that could be read.</param>
    /// <param name="Loss">The sum of their losses.</param>
    private sealed record HeldOutBatch(int Count, double Loss);

    /// <inheritdoc/>
    public override IReadOnlyList<string>? Measured => _setup.Held is null ? [] :
        [.. Evaluator.Names(_average.Model, Settings).SelectMany(row => _setup.Logged.Metrics.Select(metric => $"{metric}.{row}")), MetricInfo.ValidationLoss];

    /// <inheritdoc/>
    public override string ChoosingMetric => _setup.ChoosingMetric;

    /// <inheritdoc/>
    public override void SaveModel(string folder)
    {
        TakeOverBuffers();
        _average.Save(folder);
    }

    /// <inheritdoc/>
    public override void Finish(string folder, CancellationToken cancellation) => _setup.Finish?.Invoke(folder, (model, stop) => HeldOut(model, part: null, stop), Settings, cancellation);

    /// <inheritdoc/>
    public override void SaveDescription(string folder) => _average.SaveDescription(folder);

    /// <inheritdoc/>
    public override void Dispose()
    {
        _network.Dispose();
        _average.Dispose();
        _features?.Dispose();
        _setup.Extractor?.Dispose();
    }

    private void TakeOverBuffers() => _average.Model.Network.TakeBuffersOf(_network);

    // Features that are kept are not computed again.
    private IEnumerable<EncodedImages> HeldOut(TokenModel model, Func<int, Range>? part, CancellationToken cancellation) => _features?.Held is { } features
        ? EncodedImages.Stream(model, features, Config.Evaluation.BatchSize, Data.MaxBadShare, part, cancellation)
        : EncodedImages.Stream(model, _setup.Held!, Config.Evaluation.BatchSize, Data.MaxBadShare, part, cancellation);

    private EvaluationSettings Settings => new()
    {
        Steps = _average.Model.Process.FixedSteps is null ? Config.Evaluation.Steps : null,
        Guidance = Config.Evaluation.Guidance is { } guidance ? [guidance] : null,
        Decode = _setup.Logged.Decode,
        Seed = Config.Seed,
        BatchSize = Config.Evaluation.BatchSize,
    };

    private Tensor Condition(Tensor images)
    {
        if (!_setup.FreezeEncoder)
            return _network.Condition(images);
        using var noGrad = no_grad();
        _network.Encoder.eval();
        return _network.Condition(images);
    }

    private TokenNetwork CreateNetwork(ImageEncoder? trained)
    {
        var network = TokenNetwork.Create(_setup.Model, _setup.Classes);
        if (trained is not null)
        {
            using var scope = NewDisposeScope();
            network.Encoder.load_state_dict(trained.Network.state_dict());
        }
        foreach (var parameter in network.Encoder.parameters())
            parameter.requires_grad = !_setup.FreezeEncoder;
        return network;
    }
}
