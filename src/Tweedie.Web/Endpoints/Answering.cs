using System.Diagnostics;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;
using Tweedie.Web.Batching;
using Tweedie.Web.Contracts;
using Tweedie.Web.Models;
using Tweedie.Web.Safety;

namespace Tweedie.Web.Endpoints;

/// <summary>Carries out plans: lets their items wait for the model's thread, and sends what they come to, at the end or step by step.</summary>
internal static class Answering
{
    /// <summary>Answers a request that samples, as one answer or as a stream, whichever the client accepts.</summary>
    public static async Task AnswerAsync(HttpContext context, AnswerServices services, RequestScope scope, ModelVersion version, Plan plan)
    {
        if (context.Request.Headers.Accept.ToString().Contains(EventStream.MediaType, StringComparison.OrdinalIgnoreCase))
        {
            await StreamAsync(context, services, scope, version, plan);
            return;
        }
        var results = await ResultsAsync(version, plan, scope.End);
        await context.Response.WriteAsJsonAsync(AnswerOf(scope, version, plan.Sampling.Seed, results), WebJson.Options, scope.End);
    }

    /// <summary>The results of a plan.</summary>
    public static async Task<IReadOnlyList<object>> ResultsAsync(ModelVersion version, Plan plan, CancellationToken cancellation) => plan.Long is { } text
        ? await WriteAsync(version, plan, text, _ => { }, cancellation)
        : [.. (await DenoiseAsync(version, plan, plan.Items, cancellation)).Select(plan.Render)];

    /// <summary>Answers a request for likelihoods.</summary>
    public static async Task ScoreAsync(HttpContext context, RequestScope scope, ModelVersion version, ScoringPlan plan)
    {
        var job = new ScoringJob(version.Kind.Model, plan.Image, plan.Rows, plan.Known, plan.Options, plan.Repeats, scope.End);
        Enqueue(version, [job]);
        var results = plan.Render(await job.Result.WaitAsync(scope.End));
        await context.Response.WriteAsJsonAsync(AnswerOf(scope, version, plan.Options.Seed, results), WebJson.Options, scope.End);
    }

    // Items of a request may be joined with those of others.
    private static async Task<IReadOnlyList<Denoised>> DenoiseAsync(ModelVersion version, Plan plan, IReadOnlyList<DenoisingJob.Asked> items, CancellationToken cancellation)
    {
        DenoisingJob[] jobs = [.. items.Select(item => new DenoisingJob(version.Kind, item, plan.Sampling, streamed: null, cancellation))];
        Enqueue(version, jobs);
        return await Task.WhenAll(jobs.Select(job => job.Result)).WaitAsync(cancellation);
    }

    // Texts of several parts.
    private static Task<IReadOnlyList<object>> WriteAsync(ModelVersion version, Plan plan, LongPlan text, Action<StepEvent> show, CancellationToken cancellation) => Task.Factory.StartNew(
        () => text.Write(items => DenoiseAsync(version, plan, items, cancellation).GetAwaiter().GetResult(), show), cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>Begins what a plan says, so that its steps can be read: those of its only item, or the parts of its only text.</summary>
    public static Streamed Begin(RequestScope scope, ModelVersion version, Plan plan, RequestLimits limits)
    {
        if (plan.Long is { } text ? text.Count != 1 : plan.Items.Count != 1 || plan.Items[0].Seeds.Count != 1)
        {
            plan.Release();
            throw WebProblem.Refused("A stream shows one draw of one image, text or row; ask for one, or leave 'Accept: text/event-stream' out.");
        }
        return plan.Long is { } parts ? BeginText(scope, version, plan, parts) : BeginRow(scope, version, plan, limits);
    }

    private static Streamed BeginText(RequestScope scope, ModelVersion version, Plan plan, LongPlan text)
    {
        var parts = Channel.CreateUnbounded<StepEvent>(new() { SingleReader = true, SingleWriter = true }); // as many as the plan says
        var results = WriteAsync(version, plan, text, part => parts.Writer.TryWrite(part), scope.End);
        _ = results.ContinueWith(_ => parts.Writer.Complete(), TaskScheduler.Default);
        return new(text.Parts, (stream, send) => stream.ForEachAsync(parts.Reader, send), results);
    }

    private static Streamed BeginRow(RequestScope scope, ModelVersion version, Plan plan, RequestLimits limits)
    {
        var entries = (long)(plan.Sampling.Steps ?? 1) * version.Kind.Options.Length * Math.Max(1, plan.Top);
        if (entries > limits.StreamedEntries)
        {
            plan.Release();
            throw WebProblem.Refused($"The stream would have {entries} entries, steps times tokens times candidates, and this server allows {limits.StreamedEntries}; lower steps or top.");
        }
        var job = new DenoisingJob(version.Kind, plan.Items[0], plan.Sampling, plan.Top, scope.End);
        Enqueue(version, [job]);
        return new(version.Kind.IsLinear ? 0 : plan.Sampling.Steps ?? 0, (stream, send) => stream.ForEachAsync(job.Steps, step => send(version.Kind.Show(step))), RenderAsync());

        async Task<IReadOnlyList<object>> RenderAsync() => [plan.Render(await job.Result.WaitAsync(scope.End))];
    }

    private static async Task StreamAsync(HttpContext context, AnswerServices services, RequestScope scope, ModelVersion version, Plan plan)
    {
        var streamed = Begin(scope, version, plan, services.Options.Limits);
        var stream = new EventStream(context.Response, services.Options.KeepAlive, scope.End);
        await stream.SendAsync("start", new StartEvent(scope.Id, version.Name, version.Version, streamed.Steps, version.Kind.Options.Length, plan.Sampling.Seed));
        try
        {
            await streamed.ForEachAsync(stream, step => stream.SendAsync("step", step));
            await stream.SendAsync("result", AnswerOf(scope, version, plan.Sampling.Seed, await streamed.Results));
        }
        catch (Exception error) when (!context.RequestAborted.IsCancellationRequested)
        {
            await stream.SendLastAsync("error", scope.ProblemOf(error, services.Log).Body);
        }
    }

    private static void Enqueue(ModelVersion version, IReadOnlyList<Job> jobs)
    {
        if (version.Gate.TryAdd(jobs))
            return;
        foreach (var job in jobs)
            job.Fail(new OperationCanceledException());
        throw new WebProblem(429, "Too many requests", "The model has as many requests waiting as this server allows; send it again later.") { RetryAfter = version.Gate.SecondsUntilRoom };
    }

    private static Answer<object> AnswerOf(RequestScope scope, ModelVersion version, long seed, IReadOnlyList<object> results) =>
        new(scope.Id, version.Name, version.Version, seed, Stopwatch.GetElapsedTime(scope.Start).TotalSeconds, results);

    /// <summary>What is streamed.</summary>
    /// <param name="Steps">How many steps, or parts, there will be at most.</param>
    /// <param name="ForEachAsync">Sends each as it comes.</param>
    /// <param name="Results">The result, after the last of them.</param>
    internal sealed record Streamed(int Steps, Func<EventStream, Func<StepEvent, Task>, Task> ForEachAsync, Task<IReadOnlyList<object>> Results);
}
