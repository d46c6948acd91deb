using Microsoft.Playwright;
namespace Tweedie.Tests.Page;

/// <summary>An image is chosen, dropped, pasted or taken from the gallery.</summary>
public sealed class ImageInputTests(Chromium chromium)
{
    private static readonly byte[] Green = Pictures.Png(0x20A040);

    [Fact]
    public async Task A_file_is_chosen()
    {
        await using var server = await FakeServer.StartAsync();
        await using var visit = await Visit.OpenAsync(chromium, server.Address);
        await visit.Page.Locator("#file").SetInputFilesAsync(new FilePayload { Name = "green.png", MimeType = "image/png", Buffer = Green });
        await visit.DoneAsync();
        server.Asked.Single().Image.Should().Equal(Green);
        (await visit.Page.Locator(".drop").InnerTextAsync()).Should().Be("green.png");
        (await visit.Page.Locator(".drop img").EvaluateAsync<int>("image => image.naturalWidth")).Should().Be(32);
    }

    [Theory]
    [InlineData("drop", "new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer: data })", ".drop")]
    [InlineData("paste", "new ClipboardEvent('paste', { bubbles: true, cancelable: true, clipboardData: data })", "body")]
    public async Task An_image_is_dropped_or_pasted(string how, string eventOf, string target)
    {
        await using var server = await FakeServer.StartAsync();
        await using var visit = await Visit.OpenAsync(chromium, server.Address);
        await Give(visit, eventOf, target, "image/png", Green);
        await visit.DoneAsync();
        server.Asked.Single().Image.Should().Equal(Green, $"it came by {how}");
    }

    [Theory]
    [InlineData("text/plain", 10, "dropped.png: is no image; choose a picture such as a PNG or a JPEG.")]
    [InlineData("image/png", 100_001, "dropped.png: has 0.1 MB, and this server takes at most 0.1 MB; choose a smaller image.")]
    public async Task What_is_no_image_or_too_large_is_refused_in_one_line(string type, int size, string line)
    {
        await using var server = await FakeServer.StartAsync();
        await using var visit = await Visit.OpenAsync(chromium, server.Address);
        await Give(visit, "new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer: data })", ".drop", type, new byte[size]);
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Alert).First).ToContainTextAsync(line);
        server.Asked.Should().BeEmpty();
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Dismiss" }).ClickAsync();
        (await visit.Page.Locator("#problems").InnerTextAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task An_image_that_misses_its_place_does_not_replace_the_page()
    {
        await using var server = await FakeServer.StartAsync();
        await using var visit = await Visit.OpenAsync(chromium, server.Address);
        var wasPrevented = await visit.Page.EvaluateAsync<bool>("() => !document.body.dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true }))");
        wasPrevented.Should().BeTrue();
    }

    [Fact]
    public async Task Without_an_image_or_a_model_the_page_says_what_is_missing()
    {
        await using var server = await FakeServer.StartAsync();
        await using var visit = await Visit.OpenAsync(chromium, server.Address);
        await visit.StartAsync();
        await Assertions.Expect(visit.Page.Locator("#problems")).ToContainTextAsync("There is no image; drop one, paste one or choose a file.");
        await visit.ChooseAsync();
        await visit.StartAsync();
        await Assertions.Expect(visit.Page.Locator("#problems")).ToContainTextAsync("No model is chosen; choose at least one.");
        (await visit.Page.Locator("#stage").InnerTextAsync()).Should().Be("Choose a model.");
    }

    [Fact]
    public async Task The_gallery_shows_which_image_is_chosen()
    {
        await using var server = await FakeServer.StartAsync();
        await using var visit = await Visit.OpenAsync(chromium, server.Address);
        await visit.TakeFromGalleryAsync();
        (await visit.Page.Locator(".gallery [data-name='one.png']").GetAttributeAsync("aria-pressed")).Should().Be("true");
        await visit.Page.Locator(".gallery [data-name='two.png']").ClickAsync();
        await visit.DoneAsync();
        (await visit.Page.Locator(".gallery [data-name='one.png']").GetAttributeAsync("aria-pressed")).Should().Be("false");
        server.Asked[^1].Image.Should().Equal(Pictures.Png(0x2040C0));
    }

    private static async Task Give(Visit visit, string eventOf, string target, string type, byte[] content) => await visit.Page.EvaluateAsync($$"""
        ([type, content]) => {
          const data = new DataTransfer();
          data.items.add(new File([Uint8Array.from(atob(content), letter => letter.charCodeAt(0))], 'dropped.png', { type }));
          document.querySelector('{{target}}').dispatchEvent({{eventOf}});
        }
        """, new[] { type, Convert.ToBase64String(content) });
}
