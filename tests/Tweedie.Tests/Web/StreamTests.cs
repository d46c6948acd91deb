using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Text.Json;
using Tweedie.Models;
using Tweedie.Sampling;
using Tweedie.Text;

namespace Tweedie.Tests.Web;

/// <summary>A stream shows the steps that the library takes, and ends with the answer that a request without a stream has.</summary>
public sealed class StreamTests(ServedFolders folders) : IClassFixture<ServedFolders>
{
    [Theory]
    [InlineData("caption-tdd", null)]
    [InlineData("caption-mdd", null)]
    [InlineData("caption-ar", null)]
    [InlineData("caption-tdd", "a [_] dog...")]
    public async Task A_caption_appears_step_by_step(string model, string? template)
    {
        await using var server = await TinyServer.StartAsync(folders, [model]);
        object asked = model == "caption-ar" ? new { } : new { steps = 5, seed = 2 };
        var request = new { images = new[] { TinyServer.Url() }, sampling = asked, template, top = 3 };
        using var captioner = ImageCaptioner.Load(folders.Of(model));
        var sampling = model == "caption-ar" ? new SamplingOptions() : new() { Steps = 5, Seed = 2 };
        var expected = await captioner.DenoiseAsync(TinyServer.Image(0), 3, sampling, template is null ? null : TokenTemplate.Parse(template, captioner.Tokenizer)).ToListAsync();

        var events = await EventsAsync(server, $"/api/models/{model}/caption", request);
        var answer = await server.ResultAsync($"/api/models/{model}/caption", request with { top = 0 });

        events.Select(item => item.Name).Should().Equal(["start", .. Enumerable.Repeat("step", expected.Count), "result"]);
        events[0].Data.GetProperty("tokens").GetInt32().Should().Be(captioner.Options.Tokens);
        foreach (var (given, own) in events.Where(item => item.Name == "step").Select(item => item.Data).Zip(expected))
        {
            (given.GetProperty("index").GetInt32(), given.GetProperty("timestep").GetInt32(), given.GetProperty("isLast").GetBoolean()).Should().Be((own.Index, own.Timestep, own.IsLast));
            given.GetProperty("alphaBar").GetDouble().Should().Be(own.AlphaBar);
            given.GetProperty("text").GetString().Should().Be(captioner.Sentence(own.Tokens[0]));
            given.GetProperty("entries")[0].EnumerateArray().Select(entry => entry.GetProperty("probability").GetDouble()).Should().BeInDescendingOrder();
            given.TryGetProperty("hidden", out var hidden).Should().Be(own.Hidden is not null);
            if (own.Hidden is not null && !own.IsLast)
                hidden.EnumerateArray().Select(place => place.GetBoolean()).Should().Equal(own.Hidden[0]);
        }
        events[^1].Data.GetProperty("results")[0].ToString().Should().Be(answer.ToString());
    }

    [Fact]
    public async Task A_label_a_text_and_a_row_appear_too()
    {
        await using var server = await TinyServer.StartAsync(folders, ["classifier", "text-mdd", "rows", "linear"]);

        var label = await EventsAsync(server, "/api/models/classifier/classify", new { images = new[] { TinyServer.Url() }, sampling = new { steps = 3 }, top = 2 });
        var text = await EventsAsync(server, "/api/models/text-mdd/generate", new { prompt = "two", sampling = new { steps = 3 } });
        var row = await EventsAsync(server, "/api/models/rows/fill", new { rows = new[] { new[] { null, "large", null } }, sampling = new { steps = 3 }, top = 9 });
        var linear = await EventsAsync(server, "/api/models/linear/classify", new { images = new[] { TinyServer.Url() } });

        label.Should().HaveCount(5);
        label[1].Data.GetProperty("entries")[0].GetArrayLength().Should().Be(2);
        text[^2].Data.GetProperty("tokens")[0].GetString().Should().Be("two");
        row[^2].Data.GetProperty("tokens")[1].GetString().Should().Be("large");
        row[^2].Data.TryGetProperty("text", out _).Should().BeFalse("a row is no text");
        linear.Select(item => item.Name).Should().Equal("start", "result");
    }

    [Fact]
    public async Task A_stream_is_of_one_draw_of_one_item_and_of_a_bounded_size()
    {
        await using var server = await TinyServer.StartAsync(folders, ["classifier", "text-mdd"], options => options.Limits = options.Limits with { StreamedEntries = 50 });

        (await Refused("/api/models/classifier/classify", new { images = new[] { TinyServer.Url(), TinyServer.Url(1) } })).Should().StartWith("A stream shows one draw");
        (await Refused("/api/models/classifier/classify", new { images = new[] { TinyServer.Url() }, sampling = new { draws = 2 } })).Should().StartWith("A stream shows one draw");
        (await Refused("/api/models/text-mdd/generate", new { length = 60, count = 2 })).Should().StartWith("A stream shows one draw");
        (await Refused("/api/models/text-mdd/generate", new { sampling = new { steps = 9 } })).Should().StartWith("The stream would have 54 entries");

        async Task<string> Refused(string path, object request)
        {
            using var response = await SendAsync(server, path, request);
            return await TinyServer.ProblemAsync(response, 400);
        }
    }

    [Fact]
    public async Task A_text_of_several_parts_grows()
    {
        await using var server = await TinyServer.StartAsync(folders, ["text-mdd"]);
        var room = server.Models.All.Single().Kind.Options.Length;
        var request = new { prompt = "two", length = 2 * room, sampling = new { steps = 2 } };

        var events = await EventsAsync(server, "/api/models/text-mdd/generate", request);
        var answer = await server.ResultAsync("/api/models/text-mdd/generate", request);

        var parts = events.Where(item => item.Name == "step").Select(item => item.Data).ToList();
        events[0].Data.GetProperty("steps").GetInt32().Should().Be(parts.Count).And.Be(LongText.Parts(room, 2 * room)).And.BeGreaterThan(1);
        parts.Select(part => part.GetProperty("tokens").GetArrayLength()).Should().BeInAscendingOrder().And.EndWith(2 * room).And.StartWith(room);
        parts.Select(part => part.GetProperty("isLast").GetBoolean()).Should().Equal([.. Enumerable.Repeat(false, parts.Count - 1), true]);
        parts.Should().AllSatisfy(part => part.TryGetProperty("alphaBar", out _).Should().BeFalse("a part is no step of the schedule"));
        answer.GetProperty("text").GetString().Should().Be(parts[^1].GetProperty("text").GetString()).And.StartWith("two");
        events[^1].Data.GetProperty("results")[0].ToString().Should().Be(answer.ToString());
    }

    [Fact]
    public async Task A_silent_stream_is_kept_alive_and_ends_with_a_problem_at_its_deadline()
    {
        await using var server = await TinyServer.StartAsync(folders, ["text-mdd"], options => options.KeepAlive = TimeSpan.FromMilliseconds(20));
        using var hold = server.Block("text-mdd");

        using var response = await SendAsync(server, "/api/models/text-mdd/generate", new { deadlineSeconds = 1 });
        var text = await response.Content.ReadAsStringAsync();

        text.Should().StartWith("event: start\n").And.Contain("\n: keep-alive\n");
        var last = text.Split("event: error\ndata: ").Should().HaveCount(2).And.Subject.Last();
        JsonDocument.Parse(last).RootElement.GetProperty("status").GetInt32().Should().Be(504);
    }

    internal static async Task<HttpResponseMessage> SendAsync(TinyServer server, string path, object request)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(request), Headers = { Accept = { new("text/event-stream") } } };
        return await server.Client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead);
    }

    internal static async Task<List<(string Name, JsonElement Data)>> EventsAsync(TinyServer server, string path, object request)
    {
        using var response = await SendAsync(server, path, request);
        response.Content.Headers.ContentType!.MediaType.Should().Be("text/event-stream", await Text(response));
        var events = new List<(string, JsonElement)>();
        await foreach (var item in SseParser.Create(await response.Content.ReadAsStreamAsync()).EnumerateAsync())
            events.Add((item.EventType, JsonDocument.Parse(item.Data).RootElement));
        return events;

        static async Task<string> Text(HttpResponseMessage response) => response.IsSuccessStatusCode ? "" : await response.Content.ReadAsStringAsync();
    }
}
