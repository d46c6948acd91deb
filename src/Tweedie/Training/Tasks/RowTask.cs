using System.ComponentModel.DataAnnotations;
using TorchSharp;
using Tweedie.Images;
using Tweedie.Metrics;
using Tweedie.Models;
using Tweedie.Tensors;
using Tweedie.Tokens;
using static TorchSharp.torch;

namespace Tweedie.Training;

/// <summary>Trains a model of rows of tokens that are predicted from nothing but themselves: texts, puzzles and other tables.</summary>
internal sealed class RowTask : ISharedEvaluation
{
    private readonly Setup _setup;
    private readonly TokenNetwork _network;
    private readonly TrainedModel _average;
    private readonly DiffusionLoss _loss;
    private readonly HeldOutRows? _heldOut;
    private readonly ITokenRowSource _train;

    /// <summary>The settings in which such tasks differ.</summary>
    public sealed record Setup
    {
        /// <summary>The run, fully resolved.</summary>
        public required RunConfig Config { get; init; }

        /// <summary>The training rows.</summary>
        public required ITokenRowSource Train { get; init; }

        /// <summary>The held-out rows, if any.</summary>
        public required ITokenRowSource? Held { get; init; }

        /// <summary>The most held-out rows that are measured, spread evenly over them.</summary>
        public required int HeldRows { get; init; }

        /// <summary>Where the held-out rows come from.</summary>
        public DataSplit HeldFrom { get; init; } = DataSplit.Validation;

        /// <summary>What a row is, in the plural.</summary>
        public string Unit { get; init; } = "rows";

        /// <summary>The characters per token of the held-out rows, where they are windows of a text; else null.</summary>
        public double? CharactersPerToken { get; init; }

        /// <summary>The model.</summary>
        public required GeneratorOptions Model { get; init; }

        /// <summary>A description of what is trained, in a few words.</summary>
        public required string Description { get; init; }

        /// <summary>Makes the model of the averaged weights.</summary>
        public required Func<TokenNetwork, Device, TrainedModel> Wrap { get; init; }

        /// <summary>What the task owns, such as the files of an encoded text.</summary>
        public IReadOnlyList<IDisposable> Owned { get; init; } = [];
    }

    /// <summary>Creates the networks from the run's seed.</summary>
    /// <exception cref="TweedieException">There are fewer rows than in a batch.</exception>
    public RowTask(Setup setup, Device device)
    {
        (_setup, Device, _train) = (setup, device, setup.Train.Shuffled(setup.Config.Seed));
        if (BatchesPerEpoch == 0)
            throw new TweedieException($"'{setup.Train.Name}': an epoch has {_train.Count} rows, fewer than training.batchSize = {Config.Training.BatchSize}; lower it, or give more data.");
        var training = Config.Training;
        var process = setup.Model.CreateProcess(setup.Train.VocabularySize, training.Objective);
        _loss = new DiffusionLoss(process, training.Reuse, conditionDropout: 0, training.OwnStates, setup.Model.Diffusion.Known);
        manual_seed(Seeds.Derive(Config.Seed, SeedPurpose.Initialize));
        _network = TokenNetwork.Create(setup.Model, setup.Train.VocabularySize);
        _average = setup.Wrap(TokenNetwork.Create(setup.Model, setup.Train.VocabularySize), device);
        _network.to(device);
        process.Follow(_network.Denoiser.LossCurve);
        _heldOut = setup.Held is null ? null : new HeldOutRows(setup, _average.Model, new DiffusionLoss(process));
    }

    /// <inheritdoc/>
    public RunConfig Config => _setup.Config;

    /// <inheritdoc/>
    public string Description => _setup.Description;

    /// <inheritdoc/>
    public IReadOnlyList<string> Warnings => [.. _setup.Train.Warnings.Concat(_setup.Held?.Warnings ?? []).Distinct()];

    /// <inheritdoc/>
    public int Samples => _setup.Train.Count;

    /// <inheritdoc/>
    public TrainingData DataSummary => new()
    {
        Train = _setup.Train.Name,
        Items = Samples,
        Unit = _setup.Unit,
        Held = _setup.Held?.Name,
        HeldItems = Math.Min(_setup.HeldRows, _setup.Held?.Count ?? 0),
        HeldFrom = _setup.HeldFrom,
    };

    /// <inheritdoc/>
    public IReadOnlyList<PartCost> Parts => ModelCost.Of(_setup.Model, _setup.Train.VocabularySize);

    /// <inheritdoc/>
    public nn.Module Network => _network;

    /// <inheritdoc/>
    public nn.Module AverageNetwork => _average.Model.Network;

    /// <inheritdoc/>
    public Device Device { get; }

    /// <inheritdoc/>
    public int BatchesPerEpoch => _train.Count / Config.Training.BatchSize;

    /// <summary>Batches of rows; in place of inputs they hold which tokens are known, shape (B, N), bool, where the data say it.</summary>
    public IEnumerable<TokenBatch> Batches(int epoch, int startBatch, BatchPart part, CancellationToken cancellation)
    {
        for (var batch = startBatch; batch < BatchesPerEpoch; batch++)
        {
            cancellation.ThrowIfCancellationRequested();
            var (start, count) = part.Of(Config.Training.BatchSize).GetOffsetAndLength(Config.Training.BatchSize);
            int[] indices = [.. Enumerable.Range(batch * Config.Training.BatchSize + start, count)];
            var (tokens, known) = RowTensors.Read(_train, epoch, indices);
            yield return new TokenBatch(known, tokens, indices);
        }
    }

    /// <inheritdoc/>
    public Tensor Loss(TokenBatch batch) => Loss(_loss, _network, batch.Tokens, batch.Inputs);

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Evaluate(CancellationToken cancellation) => Evaluate(ProcessGroup.Alone, cancellation);

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Evaluate(ProcessGroup processes, CancellationToken cancellation)
    {
        TakeOverBuffers();
        return _heldOut?.Measure(processes, cancellation) ?? new Dictionary<string, double>();
    }

    /// <inheritdoc/>
    public IReadOnlyList<string>? Measured => _heldOut?.Names ?? [];

    /// <inheritdoc/>
    public string ChoosingMetric => _heldOut?.Names[0] ?? MetricInfo.ValidationLoss;

    /// <inheritdoc/>
    public void SaveModel(string folder)
    {
        TakeOverBuffers();
        _average.Save(folder);
    }

    /// <inheritdoc/>
    public void SaveDescription(string folder) => _average.SaveDescription(folder);

    /// <inheritdoc/>
    public void Dispose()
    {
        _network.Dispose();
        _average.Dispose();
        foreach (var owned in _setup.Owned)
            owned.Dispose();
    }

    /// <summary>The mean loss of rows.</summary>
    public static Tensor Loss(DiffusionLoss loss, TokenNetwork network, Tensor tokens, Tensor? known)
    {
        using var scope = NewDisposeScope();
        return loss.Compute(network.Denoiser, network.Condition(tokens), tokens, given: known).MoveToOuterDisposeScope();
    }

    /// <summary>What of the options does not go together.</summary>
    public static IEnumerable<ValidationResult> Check(GeneratorOptions model, TrainingOptions training)
    {
        if (training.ConditionDropout > 0)
            yield return new ValidationResult($"training.conditionDropout = {training.ConditionDropout} drops a condition, and the rows have none: leave it out");
        if (model.Method == TokenMethod.Ar && training.Reuse > 1)
            yield return new ValidationResult($"training.reuse = {training.Reuse} repeats rows with other noise, and model.method = ar has no noise: leave it out");
        foreach (var problem in ImageTask.CheckDiffusion(model, training))
            yield return problem;
    }

    private void TakeOverBuffers() => _average.Model.Network.TakeBuffersOf(_network);
}
