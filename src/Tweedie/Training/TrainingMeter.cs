using System.Diagnostics;

namespace Tweedie.Training;

/// <summary>Averages the loss and measures speed between two reports.</summary>
internal sealed class TrainingMeter(int epochs, int batchesPerEpoch, int batchSize)
{
    private readonly Stopwatch watch = Stopwatch.StartNew();
    private double lossSum;
    private int steps;
    private long done;

    public long TotalSteps { get; } = (long)epochs * batchesPerEpoch;

    public void Add(double loss)
    {
        lossSum += loss;
        steps++;
        done++;
    }

    /// <summary>The report since the last one.</summary>
    public TrainingProgress Report(long step, double learningRate, double gradientNorm)
    {
        var rate = steps / Math.Max(1e-9, watch.Elapsed.TotalSeconds);
        var remaining = TimeSpan.FromSeconds((TotalSteps - step) / Math.Max(1e-9, rate));
        var report = new TrainingProgress((int)((step - 1) / batchesPerEpoch) + 1, epochs, step, TotalSteps,
            lossSum / Math.Max(1, steps), learningRate, gradientNorm, rate * batchSize, remaining);
        (lossSum, steps) = (0, 0);
        watch.Restart();
        return report;
    }
}
