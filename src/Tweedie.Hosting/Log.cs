using Microsoft.Extensions.Logging;

namespace Tweedie.Hosting;

/// <summary>What this package logs.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Loaded {Kind} from {Folder} in {Seconds:F1} s")]
    public static partial void Loaded(ILogger logger, string kind, string folder, double seconds);

    [LoggerMessage(2, LogLevel.Information, "Step {Step} of {TotalSteps} (epoch {Epoch} of {Epochs}): loss {Loss:F4}, {Speed:F0} items/s")]
    public static partial void Step(ILogger logger, long step, long totalSteps, int epoch, int epochs, double loss, double speed);

    [LoggerMessage(3, LogLevel.Information, "Evaluation after step {Step}: {Metrics}")]
    public static partial void Evaluation(ILogger logger, long step, string metrics);

    [LoggerMessage(4, LogLevel.Warning, "{Warning}")]
    public static partial void Warning(ILogger logger, string warning);

    [LoggerMessage(5, LogLevel.Information, "Features of the frozen encoder: {Done} of {Total}")]
    public static partial void Features(ILogger logger, long done, long total);

    [LoggerMessage(6, LogLevel.Information, "Training begins: {TotalSteps} steps in {Epochs} epochs")]
    public static partial void Start(ILogger logger, long totalSteps, int epochs);
}
