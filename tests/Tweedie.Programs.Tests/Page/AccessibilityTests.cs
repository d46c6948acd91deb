using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Tweedie.Tests.Page;

/// <summary>The page without a mouse, by ear, in both schemes and on a phone.</summary>
public sealed class AccessibilityTests(Chromium chromium)
{
    public static TheoryData<ColorScheme, int> Screens => new() { { ColorScheme.Dark, 1280 }, { ColorScheme.Light, 1280 }, { ColorScheme.Dark, 390 }, { ColorScheme.Light, 390 } };

    [Theory]
    [MemberData(nameof(Screens))]
    public async Task Axe_finds_nothing_and_nothing_overflows(ColorScheme scheme, int width)
    {
        await using var server = await FakeServer.StartAsync();
        await using var visit = await Visit.OpenAsync(chromium, server.Address, scheme, width);
        await Assertions.Expect(visit.Lane("scenes")).ToBeVisibleAsync();
        await CheckAsync("before anything has run");

        await visit.ChooseAsync("scenes", "scenes-masked", "shapes");
        await visit.TakeFromGalleryAsync();
        await visit.Lane("scenes").Locator(".word").Nth(2).DblClickAsync();
        await visit.Lane("scenes").GetByText("All steps").ClickAsync();
        await visit.Lane("scenes").GetByText("Copy as curl").ClickAsync();
        await CheckAsync("after a run");
        await visit.GoToAsync(3);
        await CheckAsync("at a noisy step");

        await visit.FamilyAsync("Texts");
        await visit.RunAsync();
        await visit.GoToAsync(4, "letters");
        await CheckAsync("with a text");

        await visit.FamilyAsync("Boards");
        await visit.ChooseAsync("sudoku4", "table");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "New puzzle" }).ClickAsync();
        await visit.RunAsync();
        await visit.GoToAsync(6, "sudoku4");
        await CheckAsync("with a board");

        await visit.Field("Seed").FillAsync($"{FakeServer.IsRefused}");
        await visit.ChooseAsync("sudoku4");
        await Assertions.Expect(visit.Lane("sudoku4")).ToBeVisibleAsync();

        async Task CheckAsync(string when)
        {
            await visit.Page.EvaluateAsync("Promise.all(document.getAnimations().map(animation => animation.finished))");
            var found = await visit.Page.RunAxe();
            found.Violations.Select(violation => $"{when}: {violation.Id}: {violation.Help}: {string.Join(", ", violation.Nodes.Take(4).Select(node => $"{node.Html} {node.Any.FirstOrDefault()?.Message}"))}").Should().BeEmpty();
            (await visit.Page.EvaluateAsync<int>("document.documentElement.scrollWidth")).Should().BeLessThanOrEqualTo(width, $"the page itself does not scroll sideways {when}");
        }
    }

    [Fact]
    public async Task Axe_finds_nothing_in_the_dialog_of_the_key_and_in_faults()
    {
        await using var server = await FakeServer.StartAsync(key: "right");
        await using var visit = await Visit.OpenAsync(chromium, server.Address, expected: "401");
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
        (await visit.Page.RunAxe()).Violations.Select(violation => violation.Id).Should().BeEmpty();
        await visit.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(visit.Page.Locator("#problems")).ToContainTextAsync("key");
        (await visit.Page.RunAxe()).Violations.Select(violation => violation.Id).Should().BeEmpty();
    }

    [Fact]
    public async Task Everything_is_done_from_the_keyboard()
    {
        await using var server = await FakeServer.StartAsync();
        await using var visit = await Visit.OpenAsync(chromium, server.Address);
        await Assertions.Expect(visit.Page.Locator(".gallery button")).ToHaveCountAsync(2);
        await TabToAsync(".gallery button");
        await visit.Page.Keyboard.PressAsync("Enter");
        await visit.DoneAsync();

        await TabToAsync(".sentence .word");
        await visit.Page.Keyboard.PressAsync("ArrowRight");
        await visit.Page.Keyboard.PressAsync("ArrowRight");
        (await Focused()).Should().StartWith("red,");
        await visit.Page.Keyboard.PressAsync("Enter");
        await visit.Page.Keyboard.PressAsync("Enter");
        (await Focused()).Should().StartWith("red, fixed", "the focus stays on the word");
        await TabToAsync(".kept-bar .primary");
        await visit.Page.Keyboard.PressAsync("Space");
        await visit.DoneAsync();
        server.Asked[^1].Request.Template.Should().Be("[__] red...");

        await TabToAsync(".scrubber input", "Shift+Tab");
        await visit.Page.Keyboard.PressAsync("ArrowLeft");
        (await visit.Lane("scenes").Locator(".where").InnerTextAsync()).Should().StartWith("step 9 of 10");
        foreach (var selector in new[] { ".history summary", ".copying button" })
            await TabToAsync(selector);
        foreach (var selector in new[] { "#seed", "#steps", "input[name=model]", ".run .primary", "#file", "input[name=family]" })
            await TabToAsync(selector, "Shift+Tab");

        async Task TabToAsync(string selector, string key = "Tab")
        {
            for (var presses = 0; presses < 60; presses++)
            {
                await visit.Page.Keyboard.PressAsync(key);
                if (await visit.Page.EvaluateAsync<bool>("selector => document.activeElement.matches(selector)", selector))
                    return;
            }
            Assert.Fail($"{selector} cannot be reached by {key}");
        }

        Task<string> Focused() => visit.Page.EvaluateAsync<string>("document.activeElement.getAttribute('aria-label')");
    }

    [Fact]
    public async Task Nothing_moves_where_motion_is_not_welcome()
    {
        await using var server = await FakeServer.StartAsync();
        await using var visit = await Visit.OpenAsync(chromium, server.Address, reducedMotion: true);
        await visit.TakeFromGalleryAsync();
        (await visit.Page.Locator(".word > span").First.EvaluateAsync<string>("span => getComputedStyle(span).transitionDuration")).Should().Be("0s");
        (await visit.Lane("scenes").Locator(".where").InnerTextAsync()).Should().StartWith("step 10 of 10", "the answer is there at once");
    }
}
