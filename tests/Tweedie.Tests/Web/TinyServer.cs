using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Tweedie.Images;
using Tweedie.Web;
using Tweedie.Web.Batching;
using Tweedie.Web.Models;

namespace Tweedie.Tests.Web;

/// <summary>A server on a free port of this machine.</summary>
internal sealed class TinyServer : IAsyncDisposable
{
    private TinyServer(WebApplication app)
    {
        App = app;
        Client = new HttpClient { BaseAddress = new(app.Urls.First()), Timeout = TimeSpan.FromMinutes(3) };
    }

    public WebApplication App { get; }

    public HttpClient Client { get; }

    public ServedModels Models => App.Services.GetRequiredService<ServedModels>();

    /// <summary>An image whose bytes differ with its number.</summary>
    public static RasterImage Image(int number) => new(20, 16, 3, [.. Enumerable.Range(0, 960).Select(i => (byte)(i * (31 + number)))]);

    public static byte[] Png(int number = 0) => ImageWriter.ToPng(Image(number));

    public static string Url(int number = 0) => $"data:image/png;base64,{Convert.ToBase64String(Png(number))}";

    public static async Task<TinyServer> StartAsync(ServedFolders folders, IEnumerable<string> models, Action<TweedieWebOptions>? configure = null)
    {
        var app = TweedieServer.Create(options =>
        {
            foreach (var model in models)
                options.Models.Add(new(folders.Of(model)));
            configure?.Invoke(options);
        }, ["http://127.0.0.1:0"]);
        await app.StartAsync();
        return new(app);
    }

    /// <summary>Sends JSON and returns the status and the answer.</summary>
    public async Task<(int Status, JsonElement Body)> PostAsync(string path, object request)
    {
        using var response = await Client.PostAsJsonAsync(path, request);
        return ((int)response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>());
    }

    /// <summary>Sends JSON and returns the first result, after a check that there is one.</summary>
    public async Task<JsonElement> ResultAsync(string path, object request)
    {
        var (status, body) = await PostAsync(path, request);
        status.Should().Be(200, body.ToString());
        return body.GetProperty("results")[0];
    }

    /// <summary>Sends JSON, and checks that it is refused by a problem of one line without paths or code.</summary>
    public async Task<string> RefusedAsync(string path, object request, int status = 400)
    {
        using var response = await Client.PostAsJsonAsync(path, request);
        return await ProblemAsync(response, status);
    }

    /// <summary>Checks that a response is a problem, and returns its line.</summary>
    public static async Task<string> ProblemAsync(HttpResponseMessage response, int status)
    {
        var text = await response.Content.ReadAsStringAsync();
        ((int)response.StatusCode).Should().Be(status, text);
        response.Content.Headers.ContentType!.MediaType.Should().Be("application/problem+json");
        var body = JsonDocument.Parse(text).RootElement;
        body.GetProperty("status").GetInt32().Should().Be(status);
        var detail = body.GetProperty("detail").GetString()!;
        detail.Should().NotContainAny("\n", "   at ", Path.GetTempPath().TrimEnd('/') + "/", "System.", "Tweedie.");
        return detail;
    }

    /// <summary>Keeps a model's thread busy until the result is disposed of.</summary>
    public Hold Block(string model)
    {
        var hold = new Hold();
        Models.All.Single(version => version.Name == model).Gate.TryAdd([hold]).Should().BeTrue();
        hold.Started.Wait(TimeSpan.FromMinutes(2)).Should().BeTrue("the thread takes it when it is free");
        return hold;
    }

    /// <summary>Waits for a condition.</summary>
    public static async Task UntilAsync(Func<bool> condition, string what)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (!condition())
        {
            patience.IsCancellationRequested.Should().BeFalse(what);
            await Task.Delay(5);
        }
    }

    public int Waiting(string model) => Models.All.Single(version => version.Name == model).Gate.Waiting;

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        using var now = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await App.StopAsync(now.Token);
        await App.DisposeAsync();
    }

    /// <summary>Work that lasts as long as the test wants.</summary>
    internal sealed class Hold() : Job(CancellationToken.None), IDisposable
    {
        private readonly ManualResetEventSlim _end = new();

        public ManualResetEventSlim Started { get; } = new();

        public override object Key => this;

        public override int Rows => 1;

        public override void Compute(IReadOnlyList<Job> batch)
        {
            Started.Set();
            _end.Wait();
        }

        public override void Fail(Exception error)
        {
        }

        public void Dispose() => _end.Set();
    }
}
