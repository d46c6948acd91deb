using static TorchSharp.torch;

namespace Tweedie.Training;

/// <summary>Everything of a training that changes with its steps: weights, averaged weights and the optimiser's moments.</summary>
public sealed class TrainingState : IDisposable
{
    /// <summary>Lays out the task's networks in flat buffers; the average starts as a copy of the weights.</summary>
    public TrainingState(ITrainingTask task, TrainingOptions options)
    {
        Parameters = new FlatParameters(task.Network);
        Average = new FlatParameters(task.AverageNetwork, gradients: false);
        using (no_grad())
        using (NewDisposeScope())
            foreach (var (average, group) in Average.Groups.Zip(Parameters.Groups))
                average.Values.copy_(group.Values);
        Optimizer = new AdamW(Parameters, options.Beta1, options.Beta2, options.WeightDecay);
        MovingAverage = new MovingAverage(Average, Parameters, options.EmaDecay);
    }

    /// <summary>The weights, with gradients.</summary>
    public FlatParameters Parameters { get; }

    /// <summary>The averaged weights.</summary>
    public FlatParameters Average { get; }

    /// <summary>The optimiser.</summary>
    public AdamW Optimizer { get; }

    /// <summary>The rule of the average.</summary>
    public MovingAverage MovingAverage { get; }

    /// <summary>The parts of a checkpoint by file name, as named views: writing to them changes the state. The caller's scope owns the views.</summary>
    public IEnumerable<(string Name, IReadOnlyDictionary<string, Tensor> Tensors)> Parts() =>
    [
        ("model", Named(Parameters)),
        ("ema", Named(Average)),
        ("optimizer", Optimizer.State().ToDictionary()),
    ];

    /// <inheritdoc/>
    public void Dispose()
    {
        Parameters.Dispose();
        Average.Dispose();
        Optimizer.Dispose();
    }

    private static Dictionary<string, Tensor> Named(FlatParameters parameters) =>
        parameters.Groups.SelectMany(group => group.Views(group.Values)).ToDictionary();
}
