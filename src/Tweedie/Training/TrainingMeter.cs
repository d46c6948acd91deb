using System.Diagnostics;

namespace Tweedie.Training;

/// <summary>Averages the loss and measures speed between two reports.</summary>
internal sealed class TrainingMeter(int epochs, int batchesPerEpoch, int batchSize)
{
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private double _lossSum;
    private int _steps;
    private long _done;

    public long TotalSteps { get; } = (long)epochs * batchesPerEpoch;

    public void Add(double loss)
    {
        _lossSum += loss;
        _steps++;
        _done++;
    }

    /// <summary>The report since the last one.</summary>
    public TrainingProgress Report(long step, double learningRate, double gradientNorm)
    {
        var rate = _steps / Math.Max(1e-9, _watch.Elapsed.TotalSeconds);
        var remaining = TimeSpan.FromSeconds((TotalSteps - step) / Math.Max(1e-9, rate));
        var report = new TrainingProgress((int)((step - 1) / batchesPerEpoch) + 1, epochs, step, TotalSteps,
            _lossSum / Math.Max(1, _steps), learningRate, gradientNorm, rate * batchSize, remaining);
        (_lossSum, _steps) = (0, 0);
        _watch.Restart();
        return report;
    }
}
