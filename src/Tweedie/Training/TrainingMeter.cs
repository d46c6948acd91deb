using System.Diagnostics;

namespace Tweedie.Training;

/// <summary>Follows a training: the mean loss and the speed since the last report.</summary>
internal sealed class TrainingMeter
{
    private readonly int _batchesPerEpoch;
    private readonly int _batchSize;
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private int _steps;
    private double _lossSum;

    /// <summary>Starts at a number of steps already done.</summary>
    public TrainingMeter(int epochs, int batchesPerEpoch, int batchSize, long step)
    {
        (_batchesPerEpoch, _batchSize) = (batchesPerEpoch, batchSize);
        Progress = new(EpochOf(step), epochs, step, (long)epochs * batchesPerEpoch, 0, 0, 0, 0, TimeSpan.Zero);
    }

    /// <summary>Where the training stands.</summary>
    public TrainingProgress Progress { get; private set; }

    /// <summary>Counts a step.</summary>
    public void Add(double loss, double learningRate, double gradientNorm)
    {
        _steps++;
        _lossSum += loss;
        var step = Progress.Step + 1;
        var seconds = Math.Max(_watch.Elapsed.TotalSeconds / _steps, 1e-9);
        Progress = Progress with
        {
            Epoch = EpochOf(step),
            Step = step,
            Loss = _lossSum / _steps,
            LearningRate = learningRate,
            GradientNorm = gradientNorm,
            ImagesPerSecond = _batchSize / seconds,
            Remaining = TimeSpan.FromSeconds((Progress.TotalSteps - step) * seconds),
        };
    }

    /// <summary>Counts a step that was left out. The averages do not include it.</summary>
    public void Skip() => Progress = Progress with { Step = Progress.Step + 1, Epoch = EpochOf(Progress.Step + 1) };

    /// <summary>Begins a new average: the next report tells only of steps from here on.</summary>
    public void Restart()
    {
        (_steps, _lossSum) = (0, 0);
        _watch.Restart();
    }

    /// <summary>Stops the clock for work that is not training.</summary>
    public void Pause() => _watch.Stop();

    /// <summary>Lets the clock go on.</summary>
    public void Continue() => _watch.Start();

    // A step belongs to the epoch that its batch came from.
    private int EpochOf(long step) => (int)(Math.Max(0, step - 1) / _batchesPerEpoch) + 1;
}
