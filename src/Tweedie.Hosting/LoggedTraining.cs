using System.Globalization;
using Microsoft.Extensions.Logging;
using Tweedie.Training;

namespace Tweedie.Hosting;

/// <summary>Logs the progress of a training; <see cref="TrainingSession.Run"/> takes it.</summary>
/// <param name="logger">The log.</param>
public sealed class LoggedTraining(ILogger logger) : IProgress<TrainingProgress>
{
    private readonly ILogger _logger = logger ?? throw new ArgumentNullException(nameof(logger));

    /// <inheritdoc/>
    public void Report(TrainingProgress value)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (value.Warning is { } warning)
            Log.Warning(_logger, warning);
        else if (value.Metrics is { } metrics)
            Log.Evaluation(_logger, value.Step, string.Join(", ", metrics.Select(metric => string.Create(CultureInfo.InvariantCulture, $"{metric.Key} {metric.Value:G4}"))));
        else if (value.Features is { } features)
            Log.Features(_logger, features.Done, features.Images);
        else if (value.IsStart)
            Log.Start(_logger, value.TotalSteps, value.Epochs);
        else
            Log.Step(_logger, value.Step, value.TotalSteps, value.Epoch, value.Epochs, value.Loss, value.ImagesPerSecond);
    }
}
