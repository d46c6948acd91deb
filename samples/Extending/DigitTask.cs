using TorchSharp;
using Tweedie;
using Tweedie.Diffusion;
using Tweedie.Evaluation;
using Tweedie.Images;
using Tweedie.Models;
using Tweedie.Training;
using static TorchSharp.torch;

namespace Extending;

/// <summary>
/// Shows a custom training task: it predicts the three tokens of an image's number. <see cref="ImageTask"/> brings the loader and the batches;
/// the task adds its networks, its loss, its evaluation and how its model is saved. Everything that is random follows from the run's seed, so a run that is
/// resumed ends with the same weights.
/// </summary>
public sealed class DigitTask : ImageTask
{
    private readonly DigitRun _run;
    private readonly IImageSource? _held;
    private readonly TokenNetwork _network;
    private readonly DigitReader _average;
    private readonly DiffusionLoss _loss;

    /// <summary>Creates the networks from the run's seed.</summary>
    public DigitTask(DigitRun run, ImageSplits splits, Device device)
        : base(run, run.Data, splits.Train, run.Model, device, (_, index) => SevenSegments.Row(splits.Train.GetLabel(index)))
    {
        (_run, _held) = (run, splits.Held);
        _loss = new DiffusionLoss(run.Model.CreateProcess(run.Training.Objective), run.Training.Reuse, run.Training.ConditionDropout);
        manual_seed(Seeds.Derive(run.Seed, SeedPurpose.Initialize));
        _network = run.Model.CreateNetwork();
        _network.to(device);
        _average = new DigitReader(run.Model, run.Model.CreateNetwork(), device);
    }

    /// <inheritdoc/>
    public override string Description => "reader of three digits";

    /// <inheritdoc/>
    public override IReadOnlyList<PartCost> Parts => _run.Model.Parts;

    /// <inheritdoc/>
    public override nn.Module Network => _network;

    /// <inheritdoc/>
    public override nn.Module AverageNetwork => _average.Model.Network;

    /// <inheritdoc/>
    public override Tensor Loss(TokenBatch batch)
    {
        using var scope = NewDisposeScope();
        return _loss.Compute(_network.Denoiser, _network.Condition(batch.Inputs!), batch.Tokens).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, double> Evaluate(CancellationToken cancellation)
    {
        if (_held is not { } held)
            return new Dictionary<string, double>();
        var images = EncodedImages.Stream(_average.Model, held, Config.Evaluation.BatchSize, Data.MaxBadShare, cancellation);
        var samplings = new Dictionary<string, IReverseProcess> { ["own"] = _average.Reverse(_run.Sampling) };
        return Evaluator.Evaluate(
            _average.Model, images, samplings, [() => new WholeNumbers(held)], seed: Config.Seed, cancellation: cancellation).Single().Values;
    }

    /// <inheritdoc/>
    public override void SaveModel(string folder) => _average.Save(folder);

    /// <inheritdoc/>
    public override void SaveDescription(string folder) => ModelFolder.SaveOptions(folder, _run.Model);

    /// <inheritdoc/>
    public override void Dispose()
    {
        _network.Dispose();
        _average.Dispose();
    }
}
