using Tweedie.Models;
using Tweedie.Training;
using static TorchSharp.torch;

namespace Tweedie.Tests.Training;

/// <summary>A task that works like another, but with a loss that a test changes; the test gets the number of the loss, from 1 on.</summary>
internal sealed class FaultyTask(ITrainingTask task, Func<int, Tensor, Tensor> change) : ITrainingTask
{
    private int _losses;

    public RunConfig Config => task.Config;

    public string Description => task.Description;

    public int Samples => task.Samples;

    public IReadOnlyList<PartCost> Parts => task.Parts;

    public nn.Module Network => task.Network;

    public nn.Module AverageNetwork => task.AverageNetwork;

    public Device Device => task.Device;

    public int BatchesPerEpoch => task.BatchesPerEpoch;

    public IEnumerable<TokenBatch> Batches(int epoch, int startBatch, CancellationToken cancellation) => task.Batches(epoch, startBatch, cancellation);

    public Tensor Loss(TokenBatch batch) => change(++_losses, task.Loss(batch));

    public IReadOnlyDictionary<string, double> Evaluate(CancellationToken cancellation) => task.Evaluate(cancellation);

    public void SaveModel(string folder) => task.SaveModel(folder);

    public void Dispose() => task.Dispose();
}
