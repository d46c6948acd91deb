using System.Net;

namespace Tweedie.Tests.Page;

/// <summary>What comes from models and users is text; the page runs under a policy that would stop anything else.</summary>
public sealed class SafetyTests(Chromium chromium)
{
    [Fact]
    public async Task Html_in_captions_classes_and_columns_stays_text()
    {
        await using var server = await FakeServer.StartAsync();
        await using var visit = await Visit.OpenAsync(chromium, server.Address);
        await visit.ChooseAsync("scenes", "shapes");
        await visit.TakeFromGalleryAsync();
        await visit.Word(FakeModels.Html).ClickAsync();
        await visit.Page.Locator(".fix").ClickAsync();
        await visit.Lane("scenes").GetByText("All steps").ClickAsync();
        await visit.RunAsync();
        (await visit.Lane("scenes").InnerTextAsync()).Should().Contain(FakeModels.Html);
        await visit.FamilyAsync("Boards");
        await visit.ChooseAsync("table");
        await visit.RunAsync();
        (await visit.Lane("table").InnerTextAsync()).Should().Contain(FakeModels.Html);
        (await visit.Page.Locator("#stage img").CountAsync()).Should().Be(0);
        (await visit.Page.EvaluateAsync<bool>("'hacked' in window")).Should().BeFalse();
    }

    [Fact]
    public async Task Html_cannot_be_made_of_text_at_all()
    {
        await using var server = await FakeServer.StartAsync();
        await using var visit = await Visit.OpenAsync(chromium, server.Address, expected: "TrustedHTML");
        (await visit.Page.EvaluateAsync<string>("() => { try { document.body.innerHTML = '<b>'; return 'made'; } catch (fault) { return fault.name; } }")).Should().Be("TypeError");
    }

    [Fact]
    public async Task Files_are_served_with_type_policy_and_tag()
    {
        await using var server = await FakeServer.StartAsync();
        using var client = new HttpClient { BaseAddress = new(server.Address) };
        foreach (var (path, type) in new[] { ("", "text/html"), ("page/main.js", "text/javascript"), ("page/styles/theme.css", "text/css"), ("page/icon.svg", "image/svg+xml") })
        {
            using var answer = await client.GetAsync(path);
            answer.StatusCode.Should().Be(HttpStatusCode.OK);
            answer.Content.Headers.ContentType!.MediaType.Should().Be(type);
            answer.Headers.GetValues("Content-Security-Policy").Single().Should().StartWith("default-src 'self';").And.NotContain("unsafe");
            answer.Headers.GetValues("X-Content-Type-Options").Should().Equal("nosniff");
            answer.Headers.CacheControl!.NoCache.Should().BeTrue();
            using var again = new HttpRequestMessage(HttpMethod.Get, path);
            again.Headers.IfNoneMatch.Add(answer.Headers.ETag!);
            using var unchanged = await client.SendAsync(again);
            unchanged.StatusCode.Should().Be(HttpStatusCode.NotModified);
            using var head = await client.SendAsync(new(HttpMethod.Head, path));
            head.StatusCode.Should().Be(HttpStatusCode.OK);
            (await head.Content.ReadAsByteArrayAsync()).Should().BeEmpty();
        }
    }

    [Theory]
    [InlineData("page/")]
    [InlineData("page/none.js")]
    [InlineData("page/PageFiles.cs")]
    [InlineData("page/%2e%2e/appsettings.json")]
    [InlineData("page/..%2fmain.js")]
    public async Task Nothing_but_the_pages_files_is_served(string path)
    {
        await using var server = await FakeServer.StartAsync();
        using var client = new HttpClient { BaseAddress = new(server.Address) };
        using var answer = await client.GetAsync(path);
        answer.StatusCode.Should().Be(HttpStatusCode.NotFound);
    }
}
