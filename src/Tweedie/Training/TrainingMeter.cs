using System.Diagnostics;

namespace Tweedie.Training;

/// <summary>Follows a training: the mean loss and the speed since the last report.</summary>
internal sealed class TrainingMeter
{
    private readonly int _batchesPerEpoch;
    private readonly int _batchSize;
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly Stopwatch _sinceStart = Stopwatch.StartNew();
    private readonly TimeSpan _before;
    private int _steps;
    private double _lossSum;
    private TimeSpan _communication;

    /// <summary>Starts where a training stands.</summary>
    public TrainingMeter(int epochs, int batchesPerEpoch, int batchSize, CheckpointState state)
    {
        (_batchesPerEpoch, _batchSize, _before) = (batchesPerEpoch, batchSize, TimeSpan.FromSeconds(state.Seconds));
        Progress = new(EpochOf(state.Step), epochs, state.Step, (long)epochs * batchesPerEpoch, 0, 0, 0, 0, TimeSpan.Zero);
    }

    /// <summary>Time of the training without its evaluations, that before a resume included.</summary>
    public TimeSpan TrainingTime => _before + _sinceStart.Elapsed;

    /// <summary>Where the training stands.</summary>
    public TrainingProgress Progress { get; private set; }

    /// <summary>Counts a step.</summary>
    /// <param name="loss">The mean loss.</param>
    /// <param name="learningRate">The learning rate.</param>
    /// <param name="gradientNorm">The norm of the gradient before it was clipped.</param>
    /// <param name="communication">The time of the step that went into communication with other processes.</param>
    public void Add(double loss, double learningRate, double gradientNorm, TimeSpan communication = default)
    {
        _steps++;
        _lossSum += loss;
        Telemetry.Trained(_batchSize, loss);
        _communication += communication;
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
            CommunicationShare = Math.Min(1, _communication.TotalSeconds / (seconds * _steps)),
            Remaining = TimeSpan.FromSeconds((Progress.TotalSteps - step) * seconds),
        };
    }

    /// <summary>Counts a step that was left out. The averages do not include it.</summary>
    public void Skip() => Progress = Progress with { Step = Progress.Step + 1, Epoch = EpochOf(Progress.Step + 1) };

    /// <summary>Begins a new average: the next report tells only of steps from here on.</summary>
    public void Restart()
    {
        (_steps, _lossSum, _communication) = (0, 0, default);
        _watch.Restart();
    }

    /// <summary>Stops the clock for work that is not training.</summary>
    public void Pause()
    {
        _watch.Stop();
        _sinceStart.Stop();
    }

    /// <summary>Lets the clock go on.</summary>
    public void Continue()
    {
        _watch.Start();
        _sinceStart.Start();
    }

    // A step belongs to the epoch that its batch came from.
    private int EpochOf(long step) => (int)(Math.Max(0, step - 1) / _batchesPerEpoch) + 1;
}
