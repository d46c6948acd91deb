using System.Net;
using System.Net.Http.Headers;
using Tweedie.Web;

namespace Tweedie.Tests.Web;

/// <summary>Who may ask, from where, and how often.</summary>
public sealed class GuardTests(ServedFolders folders) : IClassFixture<ServedFolders>
{
    private const string First = "first-key-of-the-server", Second = "second-key-of-the-server";

    [Fact]
    public async Task A_server_with_keys_answers_those_that_have_one()
    {
        await using var server = await TinyServer.StartAsync(folders, ["classifier"], options => options.AddKeys($"# notes\n{First}, {Second}\n"));

        foreach (var path in new[] { "/api/models", "/api/models/classifier", "/v1/models", "/metrics", "/openapi/v1.json", "/api/gallery" })
        {
            (await StatusAsync(server, path)).Should().Be(HttpStatusCode.Unauthorized, path);
            (await StatusAsync(server, path, ("Authorization", $"Bearer {First}x"))).Should().Be(HttpStatusCode.Unauthorized, path);
            (await StatusAsync(server, path, ("Authorization", $"Bearer {First}"))).Should().Be(HttpStatusCode.OK, path);
            (await StatusAsync(server, path, ("X-Api-Key", Second))).Should().Be(HttpStatusCode.OK, path);
        }
        (await StatusAsync(server, "/health/live")).Should().Be(HttpStatusCode.OK);
        using var reload = await server.Client.PostAsync("/api/models/classifier/reload", null);
        (await TinyServer.ProblemAsync(reload, 401)).Should().Be("Send a key of this server, as 'Authorization: Bearer KEY'.");
        reload.Headers.WwwAuthenticate.Should().ContainSingle().Which.Scheme.Should().Be("Bearer");
    }

    [Fact]
    public async Task Wrong_keys_are_slowed_down()
    {
        await using var server = await TinyServer.StartAsync(folders, ["classifier"], options => options.AddKeys(First));

        var statuses = new List<HttpStatusCode>();
        for (var attempt = 0; attempt < 40; attempt++)
            statuses.Add(await StatusAsync(server, "/api/models", ("X-Api-Key", $"guess number {attempt}")));

        statuses.Should().Contain(HttpStatusCode.TooManyRequests);
        (await StatusAsync(server, "/api/models", ("X-Api-Key", First))).Should().Be(HttpStatusCode.OK, "whoever has a key is let in");
    }

    [Fact]
    public async Task Each_key_has_a_rate_of_its_own()
    {
        await using var server = await TinyServer.StartAsync(folders, ["text-mdd"], options =>
        {
            options.AddKeys($"{First},{Second}");
            options.RequestsPerMinute = 3;
        });

        var statuses = new List<int>();
        for (var request = 0; request < 5; request++)
            statuses.Add((int)(await AskAsync(First)).StatusCode);

        statuses.Should().Equal(200, 200, 200, 429, 429);
        using var refused = await AskAsync(First);
        refused.Headers.RetryAfter.Should().NotBeNull();
        (await AskAsync(Second)).StatusCode.Should().Be(HttpStatusCode.OK);
        (await StatusAsync(server, "/api/models", ("X-Api-Key", First))).Should().Be(HttpStatusCode.OK, "only what computes is counted");

        Task<HttpResponseMessage> AskAsync(string key) => server.Client.SendAsync(new(HttpMethod.Post, "/api/models/text-mdd/generate")
        {
            Content = new StringContent("""{ "sampling": { "steps": 1 } }""", new MediaTypeHeaderValue("application/json")),
            Headers = { { "X-Api-Key", key } },
        });
    }

    [Fact]
    public async Task A_server_without_keys_answers_this_machine_alone()
    {
        await using var server = await TinyServer.StartAsync(folders, ["classifier"]);

        (await StatusAsync(server, "/api/models", ("Host", "localhost"))).Should().Be(HttpStatusCode.OK);
        (await StatusAsync(server, "/api/models", ("Host", "rebound.example.org"))).Should().Be(HttpStatusCode.Forbidden, "a name of another site may have been made to point here");
        (await StatusAsync(server, "/api/models", ("Origin", "https://example.org"))).Should().Be(HttpStatusCode.Forbidden);
        (await StatusAsync(server, "/api/models", ("Origin", "null"))).Should().Be(HttpStatusCode.Forbidden);
        (await StatusAsync(server, "/api/models", ("Origin", server.Client.BaseAddress!.GetLeftPart(UriPartial.Authority)))).Should().Be(HttpStatusCode.OK, "it is the server's own page");
        await using var open = await TinyServer.StartAsync(folders, ["classifier"], options => options.AllowWithoutKey = true);
        (await StatusAsync(open, "/api/models", ("Host", "models.example.org"))).Should().Be(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("http://0.0.0.0:5099")]
    [InlineData("http://*:5099")]
    [InlineData("http://[::]:5099")]
    [InlineData("http://192.0.2.7:5099")]
    [InlineData("http://example.org:5099")]
    public void An_address_that_others_reach_needs_a_key_unless_it_is_said_in_so_many_words(string address)
    {
        FluentActions.Invoking(() => Create(_ => { })).Should().Throw<TweedieException>().WithMessage($"'{address}' can be reached from other machines, so the server needs keys*");
        FluentActions.Invoking(() => Create(options => options.Keys.Add(First))).Should().NotThrow();
        FluentActions.Invoking(() => Create(options => options.AllowWithoutKey = true)).Should().NotThrow();

        void Create(Action<TweedieWebOptions> configure) => ((IDisposable)TweedieServer.Create(options =>
        {
            options.Models.Add(new(folders.Of("classifier")));
            configure(options);
        }, [address])).Dispose();
    }

    [Fact]
    public async Task Every_answer_has_the_headers_of_a_careful_server()
    {
        await using var server = await TinyServer.StartAsync(folders, ["classifier"]);

        foreach (var path in new[] { "/api/models", "/nothing", "/health/live", "/api/models/nobody", "/openapi/v1.json", "/metrics" })
        {
            using var response = await server.Client.GetAsync(path);
            string Header(string name) => string.Join(",", response.Headers.TryGetValues(name, out var values) ? values : []);
            Header("Content-Security-Policy").Should().StartWith("default-src 'self';").And.Contain("frame-ancestors 'none'", path);
            (Header("X-Content-Type-Options"), Header("X-Frame-Options"), Header("Referrer-Policy")).Should().Be(("nosniff", "DENY", "no-referrer"), path);
            (Header("Server"), Header("Access-Control-Allow-Origin")).Should().Be(("", ""), path);
        }
    }

    [Fact]
    public void Options_that_are_out_of_range_are_refused_by_name()
    {
        Fails(options => options.BatchSize = 0).Should().StartWith("BatchSize = 0 is out of range");
        Fails(options => options.Limits = new() { UploadBytes = 5 }).Should().StartWith("UploadBytes = 5 is out of range");
        Fails(options => options.Limits = new() { Deadline = TimeSpan.FromHours(1) }).Should().StartWith("Deadline = 01:00:00 is out of range");
        Fails(options => options.Keys.Add("short")).Should().StartWith("A key has fewer than 16 characters");
        Fails(options => options.Models.Add(new(folders.Of("classifier")))).Should().Be("Two models are called 'classifier'; give one another name, as NAME=DIR.");
        Fails(options => options.Models.Clear()).Should().Be("The server has no model; name one.");
        Fails(options => options.Gallery = folders.Of("nowhere")).Should().EndWith("is no folder; name one with images.");
        FluentActions.Invoking(() => new ModelSource("x", "../x")).Should().Throw<TweedieException>().WithMessage("'../x' cannot be the name of a model*");
        new ModelSource("/runs/photos/model").Name.Should().Be("photos");

        string Fails(Action<TweedieWebOptions> configure) => FluentActions.Invoking(() => TweedieServer.Create(options =>
        {
            options.Models.Add(new(folders.Of("classifier")));
            configure(options);
        })).Should().Throw<TweedieException>().Which.Message;
    }

    private static async Task<HttpStatusCode> StatusAsync(TinyServer server, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        using var response = await server.Client.SendAsync(request);
        return response.StatusCode;
    }
}
