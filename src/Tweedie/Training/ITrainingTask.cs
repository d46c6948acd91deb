using Tweedie.Images;
using Tweedie.Models;
using static TorchSharp.torch;

namespace Tweedie.Training;

/// <summary>What the <see cref="Trainer"/> trains: a network, its data, its loss and its evaluation.</summary>
public interface ITrainingTask : IDisposable
{
    /// <summary>The run's config, fully resolved: with the values that come from the data.</summary>
    RunConfig Config { get; }

    /// <summary>A description of what is trained, in a few words.</summary>
    string Description { get; }

    /// <summary>What is wrong with the data but does not prevent training, one sentence each.</summary>
    IReadOnlyList<string> Warnings => [];

    /// <summary>Number of training samples.</summary>
    int Samples { get; }

    /// <summary>The data by name and number, for the model's card; null where the task does not tell.</summary>
    TrainingData? DataSummary => null;

    /// <summary>Parameters and multiply-adds by part.</summary>
    IReadOnlyList<PartCost> Parts { get; }

    /// <summary>The network being trained, on its device.</summary>
    nn.Module Network { get; }

    /// <summary>The network that carries the averaged weights: same structure, same device.</summary>
    nn.Module AverageNetwork { get; }

    /// <summary>Where the networks are.</summary>
    Device Device { get; }

    /// <summary>Batches per epoch.</summary>
    int BatchesPerEpoch { get; }

    /// <summary>Does what takes long before the first step, such as computing the features of a frozen encoder. It is called once.</summary>
    /// <param name="progress">Receives the progress.</param>
    /// <param name="cancellation">Ends the work; what is done is kept where it can be used again.</param>
    void Prepare(IProgress<FeatureProgress>? progress, CancellationToken cancellation) { }

    /// <summary>The batches of an epoch from a given one on: a function of the run's seed and the epoch alone.</summary>
    /// <param name="epoch">The 0-based epoch.</param>
    /// <param name="startBatch">The 0-based batch to begin with.</param>
    /// <param name="part">The part of each batch that is wanted; only its samples need to be read.</param>
    /// <param name="cancellation">Ends the enumeration.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    IEnumerable<TokenBatch> Batches(int epoch, int startBatch, BatchPart part, CancellationToken cancellation);

    /// <summary>
    /// The mean loss of a micro-batch, a scalar in float32; its randomness comes from torch's global generator. Where the loss of a batch is not the mean of
    /// those of its micro-batches, the task is an <see cref="IWholeBatchTask"/>.
    /// </summary>
    Tensor Loss(TokenBatch batch);

    /// <summary>Metrics of the averaged network on held-out data, by name (<see cref="Metrics.MetricInfo"/>); shares are 0 to 1.</summary>
    IReadOnlyDictionary<string, double> Evaluate(CancellationToken cancellation);

    /// <summary>The names that <see cref="Evaluate"/> will give, in its order; null where they are not known before, so that the first evaluation tells.</summary>
    IReadOnlyList<string>? Measured => null;

    /// <summary>The metric by which a run's best model is chosen, where the config names none: a name of <see cref="Metrics.MetricInfo"/>.</summary>
    string ChoosingMetric => Metrics.MetricInfo.ValidationLoss;

    /// <summary>Writes the model folder with the averaged weights.</summary>
    void SaveModel(string folder);

    /// <summary>Completes the model that a finished training keeps with what only its final weights give, such as a calibration. By default nothing is added.</summary>
    /// <param name="folder">The model's folder.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    void Finish(string folder, CancellationToken cancellation) { }

    /// <summary>
    /// Writes the files of the model folder except its weights: a checkpoint with them can be loaded as a model. By default nothing is written, and the
    /// task's checkpoints can only be resumed.
    /// </summary>
    void SaveDescription(string folder) { }
}
