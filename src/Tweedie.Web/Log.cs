using Microsoft.Extensions.Logging;

namespace Tweedie.Web;

/// <summary>What the server logs. Neither images nor texts of requests are in it.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Loaded {Model}, version {Version}, from {Folder} in {Seconds:F1} s")]
    public static partial void Loaded(ILogger logger, string model, string version, string folder, double seconds);

    [LoggerMessage(2, LogLevel.Information, "{Model}: version {Old} has answered its last request")]
    public static partial void Released(ILogger logger, string model, string old);

    [LoggerMessage(3, LogLevel.Error, "{Model}: a batch failed")]
    public static partial void BatchFailed(ILogger logger, string model, Exception error);

    [LoggerMessage(4, LogLevel.Error, "Request {Id} failed")]
    public static partial void RequestFailed(ILogger logger, string id, Exception error);

    [LoggerMessage(5, LogLevel.Information, "{Task} of {Model}: {Status} in {Milliseconds:F0} ms ({Id})")]
    public static partial void Answered(ILogger logger, string task, string model, int status, double milliseconds, string id);

    [LoggerMessage(6, LogLevel.Information, "Stopping: requests that run have {Seconds:F0} s")]
    public static partial void Stopping(ILogger logger, double seconds);

    [LoggerMessage(8, LogLevel.Warning, "{Model}: its card is not shown: {Problem}")]
    public static partial void CardNotRead(ILogger logger, string model, string problem);

    [LoggerMessage(7, LogLevel.Warning, "{Model}: could not be loaded again, so version {Version} stays: {Problem}")]
    public static partial void NotReloaded(ILogger logger, string model, string version, string problem);
}
