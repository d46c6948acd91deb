using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Tweedie.Web.Contracts;
using Tweedie.Web.Models;
using Tweedie.Web.Safety;

namespace Tweedie.Web.Endpoints;

/// <summary>One request about a model: its number, its deadline, and how it ends.</summary>
internal sealed class RequestScope : IDisposable
{
    private readonly HttpContext _context;
    private readonly TweedieWebOptions _options;
    private readonly Draining _draining;
    private readonly CancellationTokenSource _end;
    private TimeSpan _deadline;

    private RequestScope(HttpContext context, TweedieWebOptions options, Draining draining)
    {
        (_context, _options, _draining) = (context, options, draining);
        _end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, draining.End);
        SetDeadline(options.Limits.Deadline);
    }

    /// <summary>When it came.</summary>
    public long Start { get; } = Stopwatch.GetTimestamp();

    /// <summary>Its number.</summary>
    public string Id { get; } = Guid.NewGuid().ToString("N")[..16];

    /// <summary>Ends with the client's connection, at the deadline, and when the server is stopped.</summary>
    public CancellationToken End => _end.Token;

    /// <summary>Answers a request about a model. Whatever goes wrong becomes a problem that the client can read.</summary>
    /// <param name="context">The request.</param>
    /// <param name="services">What is needed for the answer.</param>
    /// <param name="name">The model's name.</param>
    /// <param name="task">What is asked for.</param>
    /// <param name="answer">Reads the request and answers it.</param>
    public static async Task RunAsync(HttpContext context, AnswerServices services, string name, string task, Func<RequestScope, ModelVersion, Task> answer)
    {
        using var scope = new RequestScope(context, services.Options, services.Draining);
        var (status, model) = (0, "none"); // a name that no model has is no label of a metric
        try
        {
            var version = services.Models.Borrow(name);
            model = name;
            try
            {
                await answer(scope, version);
            }
            finally
            {
                version.Release();
            }
        }
        catch (Exception error)
        {
            if (context.RequestAborted.IsCancellationRequested)
            {
                status = 499; // the client has gone
            }
            else
            {
                var problem = scope.ProblemOf(error, services.Log);
                status = problem.Status;
                await problem.WriteAsync(context);
            }
        }
        var time = Stopwatch.GetElapsedTime(scope.Start);
        status = status == 0 ? context.Response.StatusCode : status;
        WebTelemetry.Request(model, task, status, time);
        Log.Answered(services.Log, task, model, status, time.TotalMilliseconds, scope.Id);
    }

    /// <summary>Takes the deadline of a request.</summary>
    /// <exception cref="WebProblem">It is out of range.</exception>
    public void Take(ModelRequest request)
    {
        if (request.DeadlineSeconds is not { } seconds)
            return;
        var longest = _options.Limits.LongestDeadline.TotalSeconds;
        if (!(seconds > 0 && seconds <= longest))
            throw WebProblem.Refused(FormattableString.Invariant($"deadlineSeconds = {seconds}: must be above 0 and at most {longest}."));
        SetDeadline(TimeSpan.FromSeconds(seconds));
    }

    /// <summary>The problem that an exception is to the client.</summary>
    public WebProblem ProblemOf(Exception error, ILogger log)
    {
        if (error is OperationCanceledException && _end.IsCancellationRequested)
            return _draining.End.IsCancellationRequested ? new(503, "Stopping", "The server is being stopped.") { RetryAfter = 10 }
                : new(504, "Too late", FormattableString.Invariant($"The answer was not ready within {_deadline.TotalSeconds:0.###} seconds; ask for fewer steps, or give it more time by deadlineSeconds."));
        var problem = WebProblem.Of(error, out var isExpected);
        if (!isExpected)
            Log.RequestFailed(log, Id, error);
        return problem;
    }

    /// <inheritdoc/>
    public void Dispose() => _end.Dispose();

    private void SetDeadline(TimeSpan deadline)
    {
        _deadline = deadline;
        var left = deadline - Stopwatch.GetElapsedTime(Start);
        _end.CancelAfter(left > TimeSpan.Zero ? left : TimeSpan.Zero);
    }
}
