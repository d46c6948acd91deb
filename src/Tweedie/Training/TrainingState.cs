using Tweedie.Models;
using static TorchSharp.torch;

namespace Tweedie.Training;

/// <summary>The parts of a training that change with its steps: counters, weights, averaged weights and the optimiser's moments.</summary>
internal sealed class TrainingState : IDisposable
{
    private readonly ITrainingTask _task;
    private readonly AdamW _optimizer;
    private readonly MovingAverage _movingAverage;

    /// <summary>Lays out the task's networks in flat buffers; the average starts as a copy of the weights.</summary>
    public TrainingState(ITrainingTask task, TrainingOptions options)
    {
        _task = task;
        Parameters = new FlatParameters(task.Network);
        Average = new FlatParameters(task.AverageNetwork, gradients: false);
        using (no_grad())
        using (NewDisposeScope())
            foreach (var (average, group) in Average.Groups.Zip(Parameters.Groups))
                average.Values.copy_(group.Values);
        _optimizer = new AdamW(Parameters, options.Beta1, options.Beta2, options.WeightDecay);
        _movingAverage = new MovingAverage(Average, Parameters, options.EmaDecay);
    }

    /// <summary>Steps done and left out.</summary>
    public CheckpointState Counters { get; internal set; } = new();

    /// <summary>Steps done, those left out included.</summary>
    public long Step => Counters.Step;

    /// <summary>The weights, with gradients.</summary>
    public FlatParameters Parameters { get; }

    /// <summary>The averaged weights.</summary>
    public FlatParameters Average { get; }

    /// <summary>Changes the weights by the gradients, and the average with them.</summary>
    public void Update(double learningRate)
    {
        var updates = Step - Counters.Skipped;
        _optimizer.Step(updates + 1, learningRate);
        _movingAverage.Update(updates);
        Counters = Counters with { Step = Step + 1 };
    }

    /// <summary>Counts a step that changes nothing.</summary>
    public void Skip() => Counters = Counters with { Step = Step + 1, Skipped = Counters.Skipped + 1 };

    /// <summary>The parts of a checkpoint by file, as named views: writing to them changes the state. The caller's scope owns the views.</summary>
    public IEnumerable<(string Name, IReadOnlyDictionary<string, Tensor> Tensors)> Parts() =>
    [
        ("model.safetensors", Named(Parameters, _task.Network)),
        (ModelPlace.CheckpointAverage, Named(Average, _task.AverageNetwork)),
        ("optimizer.safetensors", _optimizer.State().ToDictionary()),
    ];

    /// <summary>Takes over counters, weights, average, moments and buffers from the first of several processes.</summary>
    public void TakeFromFirst(ProcessGroup processes)
    {
        if (processes.Size == 1)
            return;
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        Counters = processes.Gather(Counters)[0];
        foreach (var flat in Parameters.Groups.Concat(Average.Groups).Select(group => group.Values).Concat(_optimizer.Moments)
            .Concat(_task.Network.named_buffers().Where(pair => pair.buffer.dtype == float32).Select(pair => pair.buffer.view(-1))))
            processes.Broadcast(flat);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Parameters.Dispose();
        Average.Dispose();
        _optimizer.Dispose();
    }

    // The weights, and what the network has measured.
    private static Dictionary<string, Tensor> Named(FlatParameters parameters, nn.Module network) =>
        parameters.Groups.SelectMany(group => group.Views(group.Values))
            .Concat(network.named_buffers().Select(buffer => KeyValuePair.Create(buffer.name, buffer.buffer.alias()))).ToDictionary();
}
