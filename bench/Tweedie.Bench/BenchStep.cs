using Tweedie.Models;
using Tweedie.Platform;
using Tweedie.Training;
using static TorchSharp.torch;

namespace Tweedie.Bench;

/// <summary>The trainer's step on a classifier of 1,000 classes: loss under autocast, gradients, clipping, AdamW, average.</summary>
internal sealed class BenchStep : IDisposable
{
    private const int Classes = 1000;

    private readonly TokenNetwork _network;
    private readonly TokenNetwork _averageNetwork;
    private readonly DiffusionLoss _loss;
    private readonly FlatParameters _parameters;
    private readonly FlatParameters _average;
    private readonly AdamW _optimizer;
    private readonly MovingAverage _movingAverage;
    private long _steps;

    public BenchStep(ClassifierOptions options)
    {
        options = options with { ClassNames = [.. Enumerable.Range(0, Classes).Select(label => $"{label}")] };
        _network = TokenNetwork.Create(options, options.ClassNames.Count);
        _averageNetwork = TokenNetwork.Create(options, options.ClassNames.Count);
        var training = new TrainingOptions();
        _loss = new DiffusionLoss(options.CreateProcess(Classes, training.Objective), training.Reuse, training.ConditionDropout);
        _parameters = new FlatParameters(_network);
        _average = new FlatParameters(_averageNetwork, gradients: false);
        _optimizer = new AdamW(_parameters, beta1: 0.9, beta2: 0.95, weightDecay: 0.3);
        _movingAverage = new MovingAverage(_average, _parameters, decay: 0.9999);
    }

    public void Take(Tensor images)
    {
        using var scope = NewDisposeScope();
        _parameters.ZeroGradients();
        var labels = randint(Classes, [images.shape[0], 1], int64);
        Tensor loss;
        using (Autocast.Enter(CPU, ScalarType.BFloat16))
            loss = _loss.Compute(_network.Denoiser, _network.Condition(images), labels);
        loss.backward();
        _parameters.ClipGradients(3);
        _optimizer.Step(++_steps, learningRate: 1e-4);
        _movingAverage.Update(_steps);
    }

    public void Dispose()
    {
        _parameters.Dispose();
        _average.Dispose();
        _optimizer.Dispose();
        _network.Dispose();
        _averageNetwork.Dispose();
    }
}
