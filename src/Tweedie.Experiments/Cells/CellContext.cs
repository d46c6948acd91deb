using Tweedie.Training;
using static TorchSharp.torch;

namespace Tweedie.Experiments.Cells;

/// <summary>What cells work with: the finished cells, the runs on disk, and the model that is open.</summary>
/// <param name="store">The finished cells.</param>
/// <param name="modelsFolder">The folder of the training runs.</param>
/// <param name="device">Where to compute.</param>
/// <param name="trainingProgress">Receives the progress of trainings.</param>
public sealed class CellContext(CellStore store, string modelsFolder, Device device, IProgress<TrainingProgress>? trainingProgress) : IDisposable
{
    private string? _open;
    private IDisposable? _model;

    /// <summary>The finished cells.</summary>
    public CellStore Store => store;

    /// <summary>Where to compute.</summary>
    public Device Device => device;

    /// <summary>Receives the progress of trainings.</summary>
    public IProgress<TrainingProgress>? TrainingProgress => trainingProgress;

    /// <summary>The run's folder of a training.</summary>
    public RunFolder RunOf(TrainingCell training) => new(Path.Combine(modelsFolder, CellStore.Key(training)));

    /// <summary>Opens a trained model, and keeps it open until another one is wanted.</summary>
    /// <param name="training">The training.</param>
    /// <param name="open">Opens the model in a folder.</param>
    public TModel Open<TModel>(TrainingCell training, Func<string, TModel> open) where TModel : class, IDisposable
    {
        if (_open == training.Identity && _model is TModel same)
            return same;
        _model?.Dispose();
        _model = null;
        var model = open(RunOf(training).Model);
        (_open, _model) = (training.Identity, model);
        return model;
    }

    /// <inheritdoc/>
    public void Dispose() => _model?.Dispose();
}
