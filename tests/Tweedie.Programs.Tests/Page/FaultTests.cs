using Microsoft.Playwright;
namespace Tweedie.Tests.Page;

/// <summary>What goes wrong is said in one line, and what can be mended mends itself.</summary>
public sealed class FaultTests(Chromium chromium)
{
    [Theory]
    [InlineData(FakeServer.FailsOnTheWay, "temperature = 0: argmax draws nothing; leave it out.")]
    [InlineData(FakeServer.IsRefused, "The queue of 'scenes' is full; try again later. Try again in 3 s.")]
    public async Task The_servers_line_is_shown(long seed, string line)
    {
        await using var server = await FakeServer.StartAsync();
        await using var visit = await Visit.OpenAsync(chromium, server.Address, expected: "429");
        await StartAsync(visit, seed);
        await Assertions.Expect(visit.Lane("scenes").GetByRole(AriaRole.Alert)).ToHaveTextAsync(line);
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Button, new() { Name = "Cancel" })).ToBeDisabledAsync();
        await SeedAsync(visit, 0);
        await visit.RunAsync();
        (await visit.Lane("scenes").GetByRole(AriaRole.Alert).IsVisibleAsync()).Should().BeFalse("the next run is a new one");
    }

    [Fact]
    public async Task An_answer_stays_where_its_other_candidates_are_refused()
    {
        await using var server = await FakeServer.StartAsync();
        await using var visit = await Visit.OpenAsync(chromium, server.Address, expected: "400");
        await visit.ChooseAsync("scenes-ar");
        await visit.Field("Candidates").FillAsync("2");
        await visit.Page.Locator(".gallery button").First.ClickAsync();
        await Assertions.Expect(visit.Lane("scenes-ar").GetByRole(AriaRole.Alert)).ToHaveTextAsync("sampling.draws = 2 is more than one, but draws are all the same.");
        (await visit.Lane("scenes-ar").Locator(".state").InnerTextAsync()).Should().Be("10 steps in 0.25 s");
        (await visit.SentenceAsync("scenes-ar")).Should().StartWith("a large red ring");
    }

    [Fact]
    public async Task A_run_is_cancelled_and_the_server_hears_of_it()
    {
        await using var server = await FakeServer.StartAsync();
        await using var visit = await Visit.OpenAsync(chromium, server.Address);
        await StartAsync(visit, FakeServer.StaysAtStep2);
        await Assertions.Expect(visit.Lane("scenes").Locator(".state")).ToHaveTextAsync("step 2 of 10");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await Assertions.Expect(visit.Lane("scenes").Locator(".state")).ToHaveTextAsync("cancelled at step 2 of 10");
        for (var tries = 0; tries < 100 && server.Left == 0; tries++)
            await Task.Delay(50);
        server.Left.Should().Be(1);
        (await visit.SentenceAsync("scenes")).Should().NotBeEmpty("what has arrived stays");
    }

    [Fact]
    public async Task Escape_cancels_and_a_new_run_replaces_the_old_one()
    {
        await using var server = await FakeServer.StartAsync();
        await using var visit = await Visit.OpenAsync(chromium, server.Address);
        await StartAsync(visit, FakeServer.StaysAtStep2);
        await Assertions.Expect(visit.Lane("scenes").Locator(".state")).ToHaveTextAsync("step 2 of 10");
        await visit.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(visit.Lane("scenes").Locator(".state")).ToContainTextAsync("cancelled");
        await visit.StartAsync();
        await Assertions.Expect(visit.Lane("scenes").Locator(".state")).ToHaveTextAsync("step 2 of 10");
        await SeedAsync(visit, 0);
        await visit.Page.Keyboard.PressAsync("Control+Enter");
        (await visit.Lane("scenes").Locator(".state").InnerTextAsync()).Should().NotContain("cancelled");
        await visit.DoneAsync();
        (await visit.SentenceAsync("scenes")).Should().StartWith("a large red ring");
    }

    [Fact]
    public async Task A_stream_that_breaks_off_starts_again_with_the_same_seed()
    {
        await using var server = await FakeServer.StartAsync();
        await using var visit = await Visit.OpenAsync(chromium, server.Address, expected: "ERR_");
        await StartAsync(visit, FakeServer.BreaksOffOnce);
        await Assertions.Expect(visit.Page.Locator("#connection")).ToContainTextAsync("The server does not answer.");
        (await visit.Lane("scenes").Locator(".state").InnerTextAsync()).Should().MatchRegex(@"^The stream broke off( at step [1-3] of 10)?\. It starts again with the same seed once the server answers\.$");
        server.IsDown = false;
        await visit.DoneAsync();
        server.Asked.Select(asked => asked.Request.Sampling!.Seed).Should().Equal(FakeServer.BreaksOffOnce, FakeServer.BreaksOffOnce);
        await Assertions.Expect(visit.Page.Locator("#connection")).ToContainTextAsync("Connected");
    }

    [Fact]
    public async Task A_server_that_is_gone_is_asked_again_until_it_is_back()
    {
        await using var server = await FakeServer.StartAsync();
        await using var visit = await Visit.OpenAsync(chromium, server.Address, expected: "ERR_");
        await visit.TakeFromGalleryAsync();
        server.IsDown = true;
        await visit.StartAsync();
        await Assertions.Expect(visit.Page.Locator("#connection")).ToContainTextAsync("The server does not answer. Next try in");
        await Assertions.Expect(visit.Page.Locator("#connection")).ToContainTextAsync("Next try in 2 s.");
        server.IsDown = false;
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Try now" }).ClickAsync();
        await Assertions.Expect(visit.Page.Locator("#connection [role=status]")).ToHaveTextAsync("Connected");
        await visit.DoneAsync();
        server.Asked.Should().HaveCount(2);
    }

    [Fact]
    public async Task A_run_that_waits_for_the_server_can_be_cancelled()
    {
        await using var server = await FakeServer.StartAsync();
        await using var visit = await Visit.OpenAsync(chromium, server.Address, expected: "ERR_");
        await visit.TakeFromGalleryAsync();
        server.IsDown = true;
        await visit.StartAsync();
        await Assertions.Expect(visit.Lane("scenes").Locator(".state")).ToContainTextAsync("starts again");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await Assertions.Expect(visit.Lane("scenes").Locator(".state")).ToContainTextAsync("cancelled");
    }

    [Fact]
    public async Task A_server_that_always_breaks_off_is_given_up()
    {
        await using var server = await FakeServer.StartAsync();
        await using var visit = await Visit.OpenAsync(chromium, server.Address, expected: "ERR_");
        await StartAsync(visit, FakeServer.AlwaysBreaksOff);
        await Assertions.Expect(visit.Lane("scenes").GetByRole(AriaRole.Alert)).ToHaveTextAsync("The stream broke off 5 times; press Denoise to try again.");
        server.Asked.Count.Should().BeInRange(5, 10, "the browser itself sends a request once more where the server closed a connection that was kept");
    }

    [Fact]
    public async Task The_key_is_asked_for_and_kept_for_the_tab()
    {
        await using var server = await FakeServer.StartAsync(key: "right");
        await using var visit = await Visit.OpenAsync(chromium, server.Address, expected: "401");
        var dialog = visit.Page.GetByRole(AriaRole.Dialog);
        await Assertions.Expect(dialog).ToContainTextAsync("This server needs a key.");
        await dialog.GetByLabel("API key").FillAsync("wrong");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Use this key" }).ClickAsync();
        await Assertions.Expect(dialog).ToContainTextAsync("The server does not take this key.");
        await dialog.GetByLabel("API key").FillAsync("right");
        await visit.Page.Keyboard.PressAsync("Enter");
        await visit.TakeFromGalleryAsync();
        (await visit.Page.Locator(".copying").InnerTextAsync()).Should().NotContain("right");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Copy as curl" }).ClickAsync();
        (await visit.Page.Locator(".copying code").InnerTextAsync()).Should().Contain("Bearer $TWEEDIE_KEY").And.NotContain("right");
        await visit.Page.ReloadAsync();
        await Assertions.Expect(visit.Lane("scenes")).ToBeVisibleAsync();
        (await dialog.IsVisibleAsync()).Should().BeFalse();
    }

    [Fact]
    public async Task Without_the_key_the_page_says_what_is_missing()
    {
        await using var server = await FakeServer.StartAsync(key: "right");
        await using var visit = await Visit.OpenAsync(chromium, server.Address, expected: "401");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Not now" }).ClickAsync();
        await Assertions.Expect(visit.Page.Locator("#problems")).ToContainTextAsync("This server needs a key. Load the page again to try once more.");
    }

    [Fact]
    public async Task A_server_without_models_says_so()
    {
        await using var server = await FakeServer.StartAsync(isEmpty: true);
        await using var visit = await Visit.OpenAsync(chromium, server.Address);
        await Assertions.Expect(visit.Page.Locator("#stage")).ToContainTextAsync("This server has no models.");
    }

    private static async Task StartAsync(Visit visit, long seed)
    {
        await SeedAsync(visit, seed);
        await visit.Page.Locator(".gallery [data-name='one.png']").ClickAsync();
    }

    private static Task SeedAsync(Visit visit, long seed) => visit.Field("Seed").FillAsync($"{seed}");
}
