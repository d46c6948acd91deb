using Microsoft.Playwright;
namespace Tweedie.Tests.Page;

/// <summary>A sentence or a label appears step by step, and can be looked through afterwards.</summary>
public sealed class StreamingTests(Chromium chromium)
{
    [Fact]
    public async Task A_caption_settles_word_by_word_and_can_be_scrubbed_through()
    {
        await using var server = await FakeServer.StartAsync();
        await using var visit = await Visit.OpenAsync(chromium, server.Address);
        await visit.TakeFromGalleryAsync();

        (await visit.SentenceAsync("scenes")).Should().Be($"a large red ring and {FakeModels.Html} ∎");
        var asked = server.Asked.Should().ContainSingle().Subject;
        (asked.Model, asked.Endpoint, asked.Streams, asked.Request.Top).Should().Be(("scenes", "caption", true, 8));
        asked.Image.Should().Equal(Pictures.Png(0xD03020));

        await visit.GoToAsync(1);
        (await visit.SentenceAsync("scenes")).Should().Be("ring the the blue a a left top");
        (await visit.Page.Locator(".word.settled").CountAsync()).Should().Be(0);
        (await visit.Lane("scenes").Locator(".where").InnerTextAsync()).Should().Be("step 1 of 10 · t = 999 · ᾱ = 0.010");

        await visit.GoToAsync(5);
        (await visit.SentenceAsync("scenes")).Should().StartWith("a large red ring a a");
        (await visit.Page.Locator(".word.settled").AllInnerTextsAsync()).Should().Equal("a", "large", "red", "ring");
        (await visit.Word("large").GetAttributeAsync("aria-label")).Should().Be("large, settled at step 3, 60 %");
        (await visit.Word("large").EvaluateAsync<string>("word => word.style.getPropertyValue('--settled')")).Should().Be($"{2 / 9.0}", "the colour is that of the step in which the word settled");
    }

    [Fact]
    public async Task The_steps_move_by_arrow_keys_and_buttons_and_play_by_themselves()
    {
        await using var server = await FakeServer.StartAsync();
        await using var visit = await Visit.OpenAsync(chromium, server.Address);
        await visit.TakeFromGalleryAsync();
        var where = visit.Lane("scenes").Locator(".where");

        await visit.Page.Keyboard.PressAsync("Tab");
        await visit.Page.EvaluateAsync("document.activeElement.blur()");
        await visit.Page.Keyboard.PressAsync("ArrowLeft");
        await Assertions.Expect(where).ToContainTextAsync("step 9 of 10");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Step back" }).ClickAsync();
        await Assertions.Expect(where).ToContainTextAsync("step 8 of 10");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Step forward" }).ClickAsync();
        await Assertions.Expect(where).ToContainTextAsync("step 9 of 10");
        await visit.Lane("scenes").Locator(".scrubber input").PressAsync("Home");
        await Assertions.Expect(where).ToContainTextAsync("step 1 of 10");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Play the steps" }).ClickAsync();
        await Assertions.Expect(where).ToContainTextAsync("step 10 of 10");
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Button, new() { Name = "Play the steps" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task The_steps_are_shown_one_after_the_other_where_motion_is_welcome()
    {
        await using var server = await FakeServer.StartAsync();
        await using var visit = await Visit.OpenAsync(chromium, server.Address, reducedMotion: false);
        await visit.Page.EvaluateAsync("""
            () => {
              window.seen = new Set();
              new MutationObserver(() => window.seen.add(document.querySelector('.where').textContent)).observe(document.getElementById('stage'), { subtree: true, childList: true, characterData: true });
            }
            """);
        await visit.TakeFromGalleryAsync();
        await Assertions.Expect(visit.Lane("scenes").Locator(".where")).ToContainTextAsync("step 10 of 10");
        (await visit.Page.EvaluateAsync<int>("[...window.seen].filter(text => text.startsWith('step')).length")).Should().Be(10);
    }

    [Fact]
    public async Task A_screen_reader_hears_the_result_and_no_steps()
    {
        await using var server = await FakeServer.StartAsync();
        await using var visit = await Visit.OpenAsync(chromium, server.Address);
        await visit.Page.EvaluateAsync("""
            () => {
              window.heard = [];
              new MutationObserver(() => { const text = document.querySelector('[aria-live]').textContent; if (text) window.heard.push(text); })
                .observe(document.querySelector('[aria-live]'), { subtree: true, childList: true, characterData: true });
            }
            """);
        await visit.TakeFromGalleryAsync();
        (await visit.Page.EvaluateAsync<string[]>("window.heard")).Should().Equal($"scenes: a large red ring and {FakeModels.Html}");
        (await visit.Page.Locator("[aria-live]:not(#announcer)").CountAsync()).Should().Be(0);
    }

    [Fact]
    public async Task One_words_candidates_stand_over_the_steps_above_the_schedule()
    {
        await using var server = await FakeServer.StartAsync();
        await using var visit = await Visit.OpenAsync(chromium, server.Address);
        var curve = visit.Lane("scenes").Locator("svg.curve");
        (await curve.GetAttributeAsync("aria-label")).Should().Contain("schedule", "it is shown before anything has run");
        await visit.TakeFromGalleryAsync();

        await visit.Word("red").ClickAsync();
        var heat = visit.Lane("scenes").Locator(".heat");
        (await heat.Locator("figcaption").InnerTextAsync()).Should().Be("Candidates of place 3, “red” over the steps");
        (await heat.Locator(".labels li").AllInnerTextsAsync()).Select(label => label.ReplaceLineEndings(" ")).Should().Equal("red 90 %", "the 0 %");
        (await heat.Locator("rect.cell").CountAsync()).Should().Be(19, "the candidate that lost has nothing in the last step");
        await visit.GoToAsync(1);
        (await heat.Locator(".labels li").AllInnerTextsAsync()).Select(label => label.ReplaceLineEndings(" ")).Should().Equal("red 45 %", "the 36 %");
        (await heat.Locator(".chosen").InnerTextAsync()).Should().StartWith("the");
        (await curve.GetAttributeAsync("aria-label")).Should().Be("ᾱ rises from 0.010 to 1.000; at this step it is 0.010");

        var cells = (await heat.Locator(".cells").BoundingBoxAsync())!;
        await visit.Page.Mouse.ClickAsync(cells.X + cells.Width * 0.45f, cells.Y + 10);
        await Assertions.Expect(visit.Lane("scenes").Locator(".where")).ToContainTextAsync("step 5 of 10");
    }

    [Fact]
    public async Task A_label_is_shown_as_bars()
    {
        await using var server = await FakeServer.StartAsync();
        await using var visit = await Visit.OpenAsync(chromium, server.Address);
        await visit.ChooseAsync("shapes");
        await visit.TakeFromGalleryAsync();
        var rows = visit.Lane("shapes").Locator(".bars li");
        (await rows.First.InnerTextAsync()).ReplaceLineEndings(" ").Should().Be("circle 90.0 %");
        (await rows.First.Locator(".bar").EvaluateAsync<double>("bar => Number(bar.style.getPropertyValue('--share'))")).Should().BeApproximately(0.9, 1e-9);
        await visit.GoToAsync(1, "shapes");
        (await rows.First.InnerTextAsync()).Should().StartWith("circle");
        (await visit.Lane("shapes").Locator(".bars .chosen").InnerTextAsync()).Should().StartWith("square");
        (await visit.Page.Locator("#announcer").InnerTextAsync()).Should().Contain("circle 75 %");
    }

    [Fact]
    public async Task A_linear_head_has_no_steps_and_is_shown_beside_the_others()
    {
        await using var server = await FakeServer.StartAsync();
        await using var visit = await Visit.OpenAsync(chromium, server.Address);
        await visit.ChooseAsync("shapes", "head");
        await visit.TakeFromGalleryAsync();
        (await visit.Lane("head").Locator(".bars li").AllInnerTextsAsync()).Select(row => row.ReplaceLineEndings(" ")).Should().Equal("circle 75.0 %", $"{FakeModels.Html} 20.0 %");
        (await visit.Lane("head").Locator(".where").InnerTextAsync()).Should().Be("step 1 of 1");
    }

    [Fact]
    public async Task All_steps_can_be_read_as_text_with_the_changes_marked()
    {
        await using var server = await FakeServer.StartAsync();
        await using var visit = await Visit.OpenAsync(chromium, server.Address);
        await visit.TakeFromGalleryAsync();
        await visit.Page.GetByText("All steps").ClickAsync();
        var rows = visit.Page.Locator(".history tbody tr");
        (await rows.CountAsync()).Should().Be(10);
        (await rows.First.Locator("mark").CountAsync()).Should().Be(0);
        (await rows.Nth(1).InnerTextAsync()).Should().Contain("a the the blue");
        (await rows.Nth(1).Locator("mark").AllInnerTextsAsync()).Should().Equal("a");
    }

    [Fact]
    public async Task Several_models_answer_side_by_side_and_share_the_scrubber()
    {
        await using var server = await FakeServer.StartAsync();
        await using var visit = await Visit.OpenAsync(chromium, server.Address);
        await visit.ChooseAsync("scenes", "scenes-masked", "scenes-ar");
        await visit.TakeFromGalleryAsync();
        server.Asked.Select(asked => asked.Model).Should().BeEquivalentTo("scenes", "scenes-masked", "scenes-ar");
        (await visit.Page.Locator(".lane .method").AllInnerTextsAsync()).Should().Equal("one-hot", "masked", "autoregressive");
        (await visit.Page.Locator("#announcer p").CountAsync()).Should().Be(3);

        await visit.GoToAsync(5, "scenes-masked");
        foreach (var model in new[] { "scenes", "scenes-masked", "scenes-ar" })
            await Assertions.Expect(visit.Lane(model).Locator(".where")).ToContainTextAsync("step 5 of 10");
        (await visit.SentenceAsync("scenes-masked")).Should().Contain("▒").And.NotContain("top", "what is hidden is not shown");
        (await visit.Lane("scenes-masked").Locator(".veiled").First.GetAttributeAsync("aria-label")).Should().StartWith("hidden");
        (await visit.Lane("scenes-ar").Locator("svg.curve").IsVisibleAsync()).Should().BeTrue("its steps have a level here");
        var (first, second) = (await visit.Lane("scenes").BoundingBoxAsync(), await visit.Lane("scenes-masked").BoundingBoxAsync());
        second!.X.Should().BeGreaterThan(first!.X + first.Width - 1);
    }
}
