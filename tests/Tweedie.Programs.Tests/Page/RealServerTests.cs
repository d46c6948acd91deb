using Microsoft.Playwright;
namespace Tweedie.Tests.Page;

/// <summary>The page before the server itself: what the page asks is what the server takes, for models of every kind.</summary>
public sealed class RealServerTests(Chromium chromium, RealServer server) : IClassFixture<RealServer>
{
    [Fact]
    public async Task Models_of_every_method_answer_side_by_side()
    {
        await using var visit = await OpenAsync();
        await visit.ChooseAsync("captions", "captions-masked", "captions-ar", "labels", "head");
        await visit.Field("Steps").FillAsync("5");
        await visit.Field("Candidates").FillAsync("2");
        await visit.Field("Words are").SelectOptionAsync("multinomial");
        await visit.Field("Temperature").FillAsync("0.7");
        await visit.Page.Locator(".gallery button").ClickAsync();
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Button, new() { Name = "Cancel" })).ToBeDisabledAsync();
        (await visit.Page.Locator(".lane [role=alert]").AllInnerTextsAsync()).Should().AllBe("");
        await visit.DoneAsync();
        foreach (var (model, steps) in new[] { ("captions", 5), ("captions-masked", 5), ("labels", 5), ("head", 1) })
            (await visit.Lane(model).Locator(".where").InnerTextAsync()).Should().StartWith($"step {steps} of {steps}");
        foreach (var model in new[] { "captions", "captions-masked", "captions-ar" })
        {
            (await visit.SentenceAsync(model)).Should().NotBeEmpty();
            (await visit.Lane(model).Locator(".others li").CountAsync()).Should().Be(2);
        }
        (await visit.Lane("labels").Locator(".bars li").CountAsync()).Should().Be(3);
        (await visit.Lane("labels").InnerTextAsync()).Should().Contain(FakeModels.Html);
    }

    [Theory]
    [InlineData("captions")]
    [InlineData("captions-masked")]
    [InlineData("captions-ar")]
    public async Task A_word_that_is_fixed_stays(string model)
    {
        await using var visit = await OpenAsync();
        await visit.ChooseAsync(model);
        await visit.TakeFromGalleryAsync();
        await visit.Page.Locator(".sentence .word").First.ClickAsync();
        await visit.Page.GetByLabel("or write").FillAsync("dog");
        await visit.Page.Keyboard.PressAsync("Enter");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Denoise the rest" }).ClickAsync();
        await visit.DoneAsync();
        (await visit.SentenceAsync(model)).Should().StartWith("dog");
        await visit.GoToAsync(1, model);
        (await visit.SentenceAsync(model)).Should().StartWith("dog");
    }

    [Fact]
    public async Task Texts_are_written_and_filled_in()
    {
        await using var visit = await OpenAsync();
        await visit.FamilyAsync("Texts");
        await visit.Page.GetByLabel("Beginning, or a text with gaps").FillAsync("To be");
        await visit.RunAsync();
        (await visit.SentenceAsync("letters")).Should().StartWith("To be");
        await visit.Page.GetByLabel("Beginning, or a text with gaps").FillAsync("To [___]not");
        await visit.RunAsync();
        (await visit.SentenceAsync("letters")).Should().MatchRegex("(?s)^To .{3}not");
        await visit.Field("Length").FillAsync("40");
        await visit.Page.GetByLabel("Beginning, or a text with gaps").FillAsync("be");
        await visit.RunAsync();
        (await visit.SentenceAsync("letters")).Should().StartWith("be").And.Subject.Length.Should().BeInRange(17, 40, "the model writes 16 letters at a time");
    }

    [Fact]
    public async Task A_letter_outside_the_vocabulary_is_refused_in_the_servers_line()
    {
        await using var visit = await OpenAsync(expected: "400");
        await visit.FamilyAsync("Texts");
        await visit.Page.GetByLabel("Beginning, or a text with gaps").FillAsync("Ω");
        await visit.StartAsync();
        await Assertions.Expect(visit.Lane("letters").GetByRole(AriaRole.Alert)).ToContainTextAsync("Ω");
    }

    [Fact]
    public async Task Boards_and_rows_keep_what_is_given()
    {
        await using var visit = await OpenAsync();
        await visit.FamilyAsync("Boards");
        await visit.Page.GetByLabel("Row 1, column 1, open").FillAsync("3");
        await visit.RunAsync();
        (await visit.Page.Locator(".board input").EvaluateAllAsync<string>("inputs => inputs.map(input => input.value).join('')")).Should().MatchRegex("^3[1-4]{15}$");
        await visit.ChooseAsync("table");
        await visit.Page.GetByLabel("colour, open").SelectOptionAsync("red, dark");
        await visit.RunAsync();
        (await visit.Page.Locator(".predicted").First.InnerTextAsync()).Should().BeOneOf("small", "big");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Clear" }).ClickAsync();
        await visit.RunAsync();
        (await visit.Page.Locator(".predicted").Last.InnerTextAsync()).Should().BeOneOf("red, dark", "blue");
    }

    // The key is asked for first, as the server has one.
    private async Task<Visit> OpenAsync(params string[] expected)
    {
        var visit = await Visit.OpenAsync(chromium, server.Address, expected: ["401", .. expected]);
        await visit.Page.GetByLabel("API key").FillAsync(RealServer.Key);
        await visit.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(visit.Page.Locator(".gallery button")).ToHaveCountAsync(1);
        return visit;
    }
}
