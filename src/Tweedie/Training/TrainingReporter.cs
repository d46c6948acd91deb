using Tweedie.Images;

namespace Tweedie.Training;

/// <summary>Reports the progress of a training to its log and to the caller.</summary>
/// <param name="meter">Follows the training.</param>
/// <param name="log">The run's log; null in a process that does not write it.</param>
/// <param name="progress">The caller.</param>
/// <param name="communicates">Whether several processes train together.</param>
internal sealed class TrainingReporter(TrainingMeter meter, MetricsLog? log, IProgress<TrainingProgress>? progress, bool communicates = false) : IProgress<FeatureProgress>
{
    private readonly BadImageReport _badImages = new();

    /// <summary>Reports that the training begins: everything that could be refused has been checked.</summary>
    public void Start() => progress?.Report(meter.Progress with { IsStart = true });

    /// <summary>Reports how far the features of a frozen encoder are computed.</summary>
    public void Report(FeatureProgress value) => progress?.Report(meter.Progress with { Features = value });

    /// <summary>Reports the steps since the last time.</summary>
    public void Steps()
    {
        var report = meter.Progress;
        meter.Restart();
        var values = new Dictionary<string, double>
        {
            ["epoch"] = report.Epoch,
            ["loss"] = report.Loss,
            ["learningRate"] = report.LearningRate,
            ["gradientNorm"] = report.GradientNorm,
            ["imagesPerSecond"] = report.ImagesPerSecond,
        };
        if (communicates)
            values["communicationShare"] = report.CommunicationShare;
        log?.Write(report.Step, meter.TrainingTime, values);
        progress?.Report(report);
    }

    /// <summary>Evaluates, without counting the time as training, and reports the metrics.</summary>
    public IReadOnlyDictionary<string, double> Evaluation(Func<IReadOnlyDictionary<string, double>> evaluate)
    {
        meter.Pause();
        var metrics = evaluate();
        meter.Continue();
        if (metrics.Count > 0)
        {
            log?.Write(meter.Progress.Step, meter.TrainingTime, metrics);
            progress?.Report(meter.Progress with { Metrics = metrics });
        }
        return metrics;
    }

    /// <summary>Warns of the first images that could not be read, and counts the rest.</summary>
    public void BadImages(IReadOnlyList<BadImage> images)
    {
        foreach (var warning in _badImages.Add(images))
            Warn(warning);
    }

    /// <summary>Logs how many images of the epoch could not be read.</summary>
    public void EndEpoch()
    {
        if (_badImages.EndEpoch() is > 0 and var count)
            log?.Write(meter.Progress.Step, meter.TrainingTime, new Dictionary<string, double> { ["badImages"] = count });
    }

    /// <summary>Reports what the user should know.</summary>
    public void Warn(string warning) => progress?.Report(meter.Progress with { Warning = warning });
}
