using Tweedie.Images;
using Tweedie.Models;
using Tweedie.Training;
using static TorchSharp.torch;

namespace Tweedie.Tests.Training;

/// <summary>A task that works like another, but with a loss or an evaluation that a test changes; the test gets the number of the loss, from 1 on.</summary>
internal class AlteredTask(ITrainingTask task, Func<int, Tensor, Tensor>? change = null) : ITrainingTask
{
    private int _losses;
    private int _evaluations;

    public RunConfig Config => task.Config;

    public string Description => task.Description;

    public int Samples => task.Samples;

    public IReadOnlyList<PartCost> Parts => task.Parts;

    public nn.Module Network => task.Network;

    public nn.Module AverageNetwork => task.AverageNetwork;

    public Device Device => task.Device;

    public int BatchesPerEpoch => task.BatchesPerEpoch;

    public IEnumerable<TokenBatch> Batches(int epoch, int startBatch, BatchPart part, CancellationToken cancellation) => task.Batches(epoch, startBatch, part, cancellation);

    public Tensor Loss(TokenBatch batch) => change?.Invoke(++_losses, task.Loss(batch)) ?? task.Loss(batch);

    /// <summary>Gives the metrics of an evaluation, by its number from 1 on, in place of the task's own.</summary>
    public Func<int, IReadOnlyDictionary<string, double>>? Evaluation { get; init; }

    public IReadOnlyDictionary<string, double> Evaluate(CancellationToken cancellation) => Evaluation?.Invoke(++_evaluations) ?? task.Evaluate(cancellation);

    public string ChoosingMetric => task.ChoosingMetric;

    public void SaveModel(string folder) => task.SaveModel(folder);

    public void SaveDescription(string folder) => task.SaveDescription(folder);

    public void Dispose() => task.Dispose();
}
