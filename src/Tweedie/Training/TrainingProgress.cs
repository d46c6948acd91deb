using Tweedie.Images;

namespace Tweedie.Training;

/// <summary>One report of a running training.</summary>
/// <param name="Epoch">1-based epoch.</param>
/// <param name="Epochs">Number of epochs.</param>
/// <param name="Step">Steps done.</param>
/// <param name="TotalSteps">Steps of the whole training.</param>
/// <param name="Loss">Mean loss since the last report.</param>
/// <param name="LearningRate">Learning rate of the last step.</param>
/// <param name="GradientNorm">Global gradient norm of the last step, before clipping.</param>
/// <param name="ImagesPerSecond">Training speed since the last report.</param>
/// <param name="Remaining">Estimated time left.</param>
/// <param name="Metrics">Held-out metrics, when an evaluation just ran.</param>
/// <param name="Warning">What the user should know, in one line; the other values then say nothing new.</param>
public sealed record TrainingProgress(
    int Epoch, int Epochs, long Step, long TotalSteps, double Loss, double LearningRate, double GradientNorm,
    double ImagesPerSecond, TimeSpan Remaining, IReadOnlyDictionary<string, double>? Metrics = null, string? Warning = null)
{
    /// <summary>Whether this is the first report: config, folder and checkpoint are accepted, and no step is taken yet.</summary>
    public bool IsStart { get; init; }

    /// <summary>The share of the time since the last report that went into communication with other processes, 0 to 1.</summary>
    public double CommunicationShare { get; init; }

    /// <summary>How far the features of a frozen encoder are computed, before the first step; null otherwise.</summary>
    public FeatureProgress? Features { get; init; }
}
