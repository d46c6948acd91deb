
namespace Tweedie.Tests.Experiments;

/// <summary>The report in a real browser.</summary>
[Collection(SharedReproduction.Name)]
public sealed class ReportBrowserTests(TinyReproduction tiny, Chromium chromium)
{
    [Theory]
    [InlineData(1280, 900)]
    [InlineData(390, 844)] // a phone
    public async Task Figures_show_nothing_overflows_and_a_trajectory_can_be_stepped_through(int width, int height)
    {
        var (page, errors) = await chromium.OpenAsync(width, height);

        await page.GotoAsync(new Uri(tiny.Folder.Report).AbsoluteUri);

        var figures = await page.Locator("figure svg").AllAsync();
        figures.Should().HaveCount(Directory.GetFiles(tiny.Folder.Exhibits, "*.svg").Length);
        foreach (var figure in figures)
        {
            var box = (await figure.BoundingBoxAsync())!;
            box.Width.Should().BeInRange(Math.Min(width - 60, 400), width);
            box.Height.Should().BeGreaterThan(150);
        }
        foreach (var image in await page.Locator(".gallery img").AllAsync())
        {
            (await image.EvaluateAsync<bool>("image => image.complete && image.naturalWidth > 0")).Should().BeTrue("its data are a picture");
            (await image.BoundingBoxAsync())!.Width.Should().BeGreaterThan(20);
        }
        (await page.Locator("#r1-figure7 .gallery img, #r1-figure9 .gallery img").CountAsync()).Should().BePositive();
        (await page.EvaluateAsync<int>("document.documentElement.scrollWidth")).Should().BeLessThanOrEqualTo(width, "the page itself does not scroll sideways");

        var trajectory = page.Locator(".trajectory").First;
        var output = trajectory.Locator("output");
        (await output.TextContentAsync()).Should().StartWith("step 4 of 4, t = 0");
        await trajectory.Locator(".back").ClickAsync();
        (await output.TextContentAsync()).Should().StartWith("step 3 of 4");
        await trajectory.Locator("input").FillAsync("0");
        (await output.TextContentAsync()).Should().StartWith("step 1 of 4, t = 999");

        var folded = page.Locator("details:not([open])");
        (await folded.CountAsync()).Should().BePositive();
        await page.EvaluateAsync("dispatchEvent(new Event('beforeprint'))");
        (await folded.CountAsync()).Should().Be(0, "what is folded is printed too");
        await page.EvaluateAsync("dispatchEvent(new Event('afterprint'))");
        (await folded.CountAsync()).Should().BePositive();
        errors.Should().BeEmpty();
    }
}
