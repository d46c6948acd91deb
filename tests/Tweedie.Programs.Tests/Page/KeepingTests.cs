using Microsoft.Playwright;
namespace Tweedie.Tests.Page;

/// <summary>Words that are fixed, or written at a place, stay, and the rest is denoised around them.</summary>
public sealed class KeepingTests(Chromium chromium)
{
    [Fact]
    public async Task A_word_is_fixed_by_pressing_it_twice()
    {
        await using var server = await FakeServer.StartAsync();
        await using var visit = await Visit.OpenAsync(chromium, server.Address);
        await visit.TakeFromGalleryAsync();
        await visit.Word("red").ClickAsync();
        await visit.Word("red").ClickAsync();
        (await visit.Word("red").GetAttributeAsync("aria-pressed")).Should().Be("true");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Denoise the rest" }).ClickAsync();
        await visit.DoneAsync();

        var asked = server.Asked[^1];
        (asked.Endpoint, asked.Request.Template).Should().Be(("fill", "[__] red..."));
        asked.Image.Should().NotBeNull();
        await visit.GoToAsync(1);
        (await visit.SentenceAsync("scenes")).Should().Be("ring the red blue a a left top", "the word stands from the first step on");
        (await visit.Word("red").GetAttributeAsync("aria-label")).Should().Be("red, fixed, 100 %");
    }

    [Fact]
    public async Task Another_word_is_written_at_a_place()
    {
        await using var server = await FakeServer.StartAsync();
        await using var visit = await Visit.OpenAsync(chromium, server.Address);
        await visit.TakeFromGalleryAsync();
        await visit.Word("ring").ClickAsync();
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Fix “ring”" }).ClickAsync();
        await visit.Word("red").ClickAsync();
        await visit.Page.GetByLabel("or write").FillAsync("green");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Fix this" }).ClickAsync();
        (await visit.Page.Locator(".kept-list li").AllInnerTextsAsync()).Select(text => text.Split('\n')[0].TrimEnd('✕')).Should().Equal("green", "ring");
        await visit.RunAsync();
        server.Asked[^1].Request.Template.Should().Be("[__] green ring...");
        (await visit.SentenceAsync("scenes")).Should().StartWith("a large green ring and");
    }

    [Fact]
    public async Task A_fixed_word_is_released()
    {
        await using var server = await FakeServer.StartAsync();
        await using var visit = await Visit.OpenAsync(chromium, server.Address);
        await visit.TakeFromGalleryAsync();
        foreach (var word in new[] { "red", "large", "red" })
        {
            await visit.Word(word).ClickAsync();
            await visit.Page.Locator(".fix").ClickAsync();
        }
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Release large" }).ClickAsync();
        (await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Denoise the rest" }).IsVisibleAsync()).Should().BeFalse();
        await visit.RunAsync();
        server.Asked[^1].Endpoint.Should().Be("caption");
    }

    [Fact]
    public async Task A_new_image_begins_without_fixed_words()
    {
        await using var server = await FakeServer.StartAsync();
        await using var visit = await Visit.OpenAsync(chromium, server.Address);
        await visit.TakeFromGalleryAsync();
        await visit.Word("red").DblClickAsync();
        (await visit.Page.Locator(".kept-list li").CountAsync()).Should().Be(1);
        await visit.Page.Locator(".gallery [data-name='two.png']").ClickAsync();
        await visit.DoneAsync();
        server.Asked[^1].Endpoint.Should().Be("caption");
    }
}
