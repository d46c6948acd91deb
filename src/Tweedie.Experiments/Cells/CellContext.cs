using Tweedie.Data;
using Tweedie.Evaluation;
using Tweedie.Models;
using Tweedie.Training;
using static TorchSharp.torch;

namespace Tweedie.Experiments.Cells;

/// <summary>What cells work with: the runs on disk, and the model that is open, with its test images encoded once.</summary>
/// <param name="modelsFolder">The folder of the training runs.</param>
/// <param name="device">Where to compute.</param>
/// <param name="trainingProgress">Told of the progress of trainings.</param>
public sealed class CellContext(string modelsFolder, Device device, IProgress<TrainingProgress>? trainingProgress) : IDisposable
{
    private string? _open;
    private OpenModel? _model;

    /// <summary>Where to compute.</summary>
    public Device Device => device;

    /// <summary>Told of the progress of trainings.</summary>
    public IProgress<TrainingProgress>? TrainingProgress => trainingProgress;

    /// <summary>The run's folder of a training.</summary>
    public RunFolder RunOf(TrainingCell training) => new(Path.Combine(modelsFolder, CellStore.Key(training)));

    /// <summary>Opens a trained model; the one before is closed.</summary>
    public OpenModel Open(TrainingCell training, CancellationToken cancellation)
    {
        if (_model is not null && _open == training.Identity)
            return _model;
        _model?.Dispose();
        _model = null;
        var classifier = ImageClassifier.Load(RunOf(training).Model, device);
        var test = ImageSplits.Open(training.Config.Data, training.Config.Seed, classifier.Options.Encoder.Channels).Test
            ?? throw new TweedieException($"data.train = {training.Config.Data.Train} has no test images; name them with data.test.");
        var images = EncodedImages.Encode(classifier, test, training.Config.Evaluation.BatchSize, cancellation: cancellation);
        (_open, _model) = (training.Identity, new OpenModel(classifier, test, images));
        return _model;
    }

    /// <inheritdoc/>
    public void Dispose() => _model?.Dispose();
}
