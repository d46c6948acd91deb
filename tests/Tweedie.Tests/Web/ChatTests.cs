using System.Net.Http.Json;
using System.Text.Json;
using Tweedie.Models;
using Tweedie.Sampling;

namespace Tweedie.Tests.Web;

/// <summary>Clients of OpenAI's chat get captions and texts.</summary>
public sealed class ChatTests(ServedFolders folders) : IClassFixture<ServedFolders>
{
    [Fact]
    public async Task An_image_is_captioned_and_a_text_gone_on_from()
    {
        await using var server = await TinyServer.StartAsync(folders, ["caption-mdd", "text-ar", "rows"]);
        using var captioner = ImageCaptioner.Load(folders.Of("caption-mdd"));
        using var generator = TextGenerator.Load(folders.Of("text-ar"));
        var sampling = new SamplingOptions { Seed = 4, Temperature = 0.5, ToOne = ToOneKind.Multinomial };

        var models = await server.Client.GetFromJsonAsync<JsonElement>("/v1/models");
        var caption = await AskAsync(new { model = "caption-mdd", seed = 4, temperature = 0.5, stream = false, user = "someone", messages = Messages("What is this?") });
        var text = await AskAsync(new { model = "text-ar", seed = 4, temperature = 0.5, max_tokens = 10, messages = new[] { new { role = "system", content = "hm" }, new { role = "user", content = "a small" } } });

        models.GetProperty("data").EnumerateArray().Select(model => model.GetProperty("id").GetString()).Should().Equal("caption-mdd", "text-ar");
        (caption.GetProperty("object").GetString(), caption.GetProperty("choices")[0].GetProperty("finish_reason").GetString()).Should().Be(("chat.completion", "stop"));
        ContentOf(caption).Should().Be(captioner.Caption(TinyServer.Image(0), sampling));
        ContentOf(text).Should().Be(generator.Generate(1, "a small", 10, sampling)[0]);
        text.GetProperty("usage").GetProperty("total_tokens").GetInt32().Should().Be(10);

        async Task<JsonElement> AskAsync(object request)
        {
            var (status, body) = await server.PostAsync("/v1/chat/completions", request);
            status.Should().Be(200, body.ToString());
            return body;
        }

        static string? ContentOf(JsonElement answer) => answer.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString();
    }

    [Fact]
    public async Task A_stream_brings_drafts_and_the_text_at_its_end()
    {
        await using var server = await TinyServer.StartAsync(folders, ["caption-mdd"]);

        using var response = await server.Client.PostAsJsonAsync("/v1/chat/completions", new { model = "caption-mdd", stream = true, seed = 1, messages = Messages("a [_] dog...") });
        var lines = (await response.Content.ReadAsStringAsync()).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        var plain = await server.PostAsync("/v1/chat/completions", new { model = "caption-mdd", seed = 1, messages = Messages("a [_] dog...") });

        lines[^1].Should().Be("data: [DONE]");
        var chunks = lines[..^1].Select(line => JsonDocument.Parse(line["data: ".Length..]).RootElement).ToList();
        chunks.Should().OnlyContain(chunk => chunk.GetProperty("object").GetString() == "chat.completion.chunk");
        chunks.Count(chunk => chunk.TryGetProperty("draft", out _)).Should().BeGreaterThan(2);
        string.Concat(chunks.Select(chunk => chunk.GetProperty("choices")[0].GetProperty("delta").TryGetProperty("content", out var content) ? content.GetString() : ""))
            .Should().Be(plain.Body.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString()).And.MatchRegex("^a .*dog");
        chunks[^1].GetProperty("choices")[0].GetProperty("finish_reason").GetString().Should().Be("stop");
    }

    [Fact]
    public async Task What_it_cannot_follow_is_refused_in_the_form_that_clients_expect()
    {
        await using var server = await TinyServer.StartAsync(folders, ["caption-mdd"]);

        (await server.RefusedAsync("/v1/chat/completions", new { model = "caption-mdd", messages = Messages("hm"), n = 2 })).Should().Be("n: a denoising model cannot follow it; leave it out.");
        (await server.RefusedAsync("/v1/chat/completions", new { model = "caption-mdd", messages = Messages("hm"), tools = Array.Empty<int>() })).Should().StartWith("tools: is no member of this request");
        (await server.RefusedAsync("/v1/chat/completions", new { messages = Messages("hm") })).Should().Be("model: must be given; there are caption-mdd.");
        (await server.RefusedAsync("/v1/chat/completions", new { model = "caption-mdd", messages = new[] { new { role = "user", content = "hm" } } })).Should().Contain("has 0 images");
        var (status, body) = await server.PostAsync("/v1/chat/completions", new { model = "nobody", messages = Messages("hm") });
        status.Should().Be(404);
        body.GetProperty("error").GetProperty("message").GetString().Should().Be(body.GetProperty("detail").GetString());
    }

    private static object[] Messages(string text) =>
        [new { role = "user", content = new object[] { new { type = "text", text }, new { type = "image_url", image_url = new { url = TinyServer.Url() } } } }];
}
