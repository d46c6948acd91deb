using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Tweedie.Web;

namespace Tweedie.Tests.Page;

/// <summary>
/// The page before a server that has canned answers, and faults on demand. It takes the requests that the real one takes, refuses unknown members, and keeps what
/// it was asked.
/// </summary>
internal sealed class FakeServer : IAsyncDisposable
{
    /// <summary>Seeds that stand for what may happen to a request. Where it breaks off once, the server is down then.</summary>
    public const long FailsOnTheWay = 1001, IsRefused = 1002, BreaksOffOnce = 1003, StaysAtStep2 = 1004, AlwaysBreaksOff = 1005;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    private readonly WebApplication _app;
    private readonly string? _key;
    private readonly ConcurrentQueue<AskedRequest> _asked = new();
    private int _cut;

    private FakeServer(WebApplication app, string? key) => (_app, _key) = (app, key);

    public string Address => _app.Urls.Single() + "/";

    /// <summary>The requests for answers, oldest first.</summary>
    public IReadOnlyList<AskedRequest> Asked => [.. _asked];

    /// <summary>Streams whose client left before their end.</summary>
    public int Left { get; private set; }

    /// <summary>While it is true, every connection is dropped.</summary>
    public bool IsDown { get; set; }

    /// <summary>While it is true, no likelihoods are given.</summary>
    public bool RefusesScores { get; set; }

    /// <summary>Whether the server has any models.</summary>
    public bool IsEmpty { get; init; }

    public static async Task<FakeServer> StartAsync(string? key = null, bool isEmpty = false)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.ConfigureHttpJsonOptions(options => options.SerializerOptions.DefaultIgnoreCondition = Json.DefaultIgnoreCondition);
        var app = builder.Build();
        var server = new FakeServer(app, key) { IsEmpty = isEmpty };
        app.Use(server.Guard);
        app.MapTweediePage();
        app.MapGet("/health/live", () => "live");
        app.MapGet("/api/models", () => new { Models = server.IsEmpty ? [] : FakeModels.All.Select(model => model.Described()) });
        app.MapGet("/api/gallery", () => new { Images = new[] { new { Name = "one.png", Url = "/api/gallery/one.png", Label = "a red ring" }, new { Name = "two.png", Url = "/api/gallery/two.png", Label = "a blue disc" } } });
        app.MapGet("/api/gallery/{name}", (string name) => Results.Bytes(Pictures.Png(name == "one.png" ? 0xD03020u : 0x2040C0u), "image/png"));
        app.MapPost("/api/models/{name}/{endpoint}", server.Answer);
        await app.StartAsync();
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task Guard(HttpContext context, RequestDelegate next)
    {
        if (IsDown)
            context.Abort();
        else if (_key is not null && context.Request.Path.StartsWithSegments("/api") && context.Request.Headers.Authorization != $"Bearer {_key}")
            await Results.Problem("A key is needed: send it as 'Authorization: Bearer KEY'.", statusCode: 401).ExecuteAsync(context);
        else
            await next(context);
    }

    private async Task Answer(HttpContext context, string name, string endpoint)
    {
        var (model, cancelled) = (FakeModels.All.Single(model => model.Name == name), context.RequestAborted);
        var (body, image) = (default(string)!, default(byte[]));
        if (context.Request.HasFormContentType)
        {
            var form = await context.Request.ReadFormAsync(cancelled);
            body = form["request"].Single()!;
            using var bytes = new MemoryStream();
            await form.Files["image"]!.CopyToAsync(bytes, cancelled);
            image = bytes.ToArray();
        }
        else
            body = await new StreamReader(context.Request.Body).ReadToEndAsync(cancelled);
        var request = JsonSerializer.Deserialize<FakeRequest>(body, Json)!;
        var streams = context.Request.Headers.Accept.ToString().Contains("event-stream", StringComparison.Ordinal);
        _asked.Enqueue(new(name, endpoint, request, image, streams));
        var (answer, seed) = (new FakeAnswer(model, request), request.Sampling?.Seed ?? 0);
        if (seed == IsRefused || (endpoint == "score" && RefusesScores))
        {
            context.Response.Headers.RetryAfter = "3";
            await Results.Problem("The queue of 'scenes' is full; try again later.", statusCode: 429).ExecuteAsync(context);
        }
        else if (model.Method == "ar" && request.Sampling?.Draws > 1)
            await Results.Problem("sampling.draws = 2 is more than one, but draws are all the same.", statusCode: 400).ExecuteAsync(context);
        else if (endpoint == "score")
            await context.Response.WriteAsJsonAsync(new { Results = new[] { answer.Score(request) } }, Json, cancelled);
        else if (!streams)
            await context.Response.WriteAsJsonAsync(Whole(name, request, answer), Json, cancelled);
        else
            await Stream(context, model, request, answer);
    }

    private async Task Stream(HttpContext context, FakeModel model, FakeRequest request, FakeAnswer answer)
    {
        var (steps, seed, cancelled) = (answer.Steps(request), request.Sampling?.Seed ?? 0, context.RequestAborted);
        context.Response.ContentType = "text/event-stream";
        await Send(context, "start", new { Id = "1", Model = model.Name, Version = "v1", Steps = steps, model.Tokens, seed });
        await context.Response.WriteAsync(": keep-alive\n\n", cancelled);
        for (var index = 0; index < steps; index++)
        {
            try
            {
                await Task.Delay(seed == StaysAtStep2 && index == 2 ? Timeout.Infinite : 5, cancelled);
            }
            catch (OperationCanceledException)
            {
                Left++;
                return;
            }
            if (index == 3 && seed == FailsOnTheWay)
            {
                await Send(context, "error", new { Title = "Unprocessable", Status = 422, Detail = "temperature = 0: argmax draws nothing; leave it out." });
                return;
            }
            if (index == 3 && (seed == AlwaysBreaksOff || (seed == BreaksOffOnce && Interlocked.Increment(ref _cut) == 1)))
            {
                IsDown = seed == BreaksOffOnce;
                context.Abort();
                return;
            }
            await Send(context, "step", answer.Step(index, steps, request));
        }
        await Send(context, "result", Whole(model.Name, request, answer));
    }

    private static object Whole(string model, FakeRequest request, FakeAnswer answer) =>
        new { Id = "1", Model = model, Version = "v1", Seed = request.Sampling?.Seed ?? 0, Seconds = 0.25, Results = Enumerable.Repeat(answer.Result(request), request.Count ?? 1) };

    private static async Task Send(HttpContext context, string type, object data)
    {
        await context.Response.WriteAsync($"event: {type}\ndata: {JsonSerializer.Serialize(data, Json)}\n\n");
        await context.Response.Body.FlushAsync();
    }
}

internal sealed record AskedRequest(string Model, string Endpoint, FakeRequest Request, byte[]? Image, bool Streams);
