using Microsoft.Playwright;
namespace Tweedie.Tests.Page;

/// <summary>The page says how likely an answer is to a model, or another text in its place.</summary>
public sealed class ScoringTests(Chromium chromium)
{
    [Fact]
    public async Task The_answer_and_other_captions_of_its_image_are_scored()
    {
        await using var server = await FakeServer.StartAsync();
        await using var visit = await Visit.OpenAsync(chromium, server.Address);
        await visit.ChooseAsync("scenes", "scenes-ar");
        await visit.TakeFromGalleryAsync();
        var (lane, exact) = (visit.Lane("scenes"), visit.Lane("scenes-ar"));

        await ScoreAsync(lane);
        await Assertions.Expect(lane.Locator(".score-list li")).ToHaveCountAsync(1);
        await lane.GetByLabel("This caption, or another").FillAsync("a blue disc");
        await ScoreAsync(lane);
        await Assertions.Expect(lane.Locator(".score-list li")).ToHaveCountAsync(2);
        await ScoreAsync(exact);
        await Assertions.Expect(exact.Locator(".score-list li")).ToHaveCountAsync(1);

        var asked = server.Asked.Where(asked => asked.Endpoint == "score").ToList();
        asked.Select(asked => asked.Request.Texts!.Single()).Should().Equal($"a large red ring and {FakeModels.Html}", "a blue disc", $"a large red ring and {FakeModels.Html}");
        asked.Should().AllSatisfy(asked => asked.Image.Should().NotBeEmpty("it is asked about the image"));
        (await lane.Locator(".score-list li").Last.InnerTextAsync()).Should().Contain("“a blue disc”").And.Contain("−log p is at most 11.0 ± 0.3 nats: 2.03 per token, 1.50 bits per character");
        (await exact.Locator(".score-list li").Last.InnerTextAsync()).Should().Contain($"−log p is {asked[0].Request.Texts![0].Length}.0 nats", "a likelihood that is no bound has neither an error nor 'at most'");

        await visit.TakeFromGalleryAsync();
        (await lane.Locator(".score-list li").CountAsync()).Should().Be(0, "they were about another answer");
    }

    [Fact]
    public async Task A_row_is_scored_and_what_has_no_likelihood_is_not_offered()
    {
        await using var server = await FakeServer.StartAsync();
        await using var visit = await Visit.OpenAsync(chromium, server.Address);
        await visit.ChooseAsync("shapes");
        await visit.TakeFromGalleryAsync();
        await Assertions.Expect(visit.Lane("shapes").Locator(".scoring")).ToBeHiddenAsync();
        await visit.FamilyAsync("Boards");
        await visit.ChooseAsync("table");
        await Assertions.Expect(visit.Lane("table").Locator(".scoring")).ToBeHiddenAsync();
        await visit.RunAsync();

        await ScoreAsync(visit.Lane("table"));

        await Assertions.Expect(visit.Lane("table").Locator(".score-list li")).ToContainTextAsync("this row");
        server.Asked[^1].Request.Rows!.Single().Should().Equal("red", FakeModels.Html);
    }

    [Fact]
    public async Task A_refusal_is_shown_in_the_words_of_the_server()
    {
        await using var server = await FakeServer.StartAsync();
        await using var visit = await Visit.OpenAsync(chromium, server.Address, expected: "429");
        await visit.TakeFromGalleryAsync();
        server.RefusesScores = true;
        await ScoreAsync(visit.Lane("scenes"));
        await Assertions.Expect(visit.Lane("scenes").Locator(".scoring .problem")).ToContainTextAsync("The queue of 'scenes' is full");
    }

    private static Task ScoreAsync(ILocator lane) => lane.GetByRole(AriaRole.Button, new() { Name = "How likely is it?" }).ClickAsync();
}
