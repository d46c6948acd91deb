using Microsoft.Playwright;
namespace Tweedie.Tests.Page;

/// <summary>Texts are written, gone on with and filled in.</summary>
public sealed class TextTests(Chromium chromium)
{
    [Fact]
    public async Task A_text_is_written_from_nothing_or_from_a_beginning()
    {
        await using var server = await FakeServer.StartAsync();
        await using var visit = await OpenAsync(server);
        await visit.RunAsync();
        (await visit.SentenceAsync("letters")).Should().Be("To be or not");
        await visit.Page.GetByLabel("Beginning, or a text with gaps").FillAsync("Or");
        await visit.Field("Length").FillAsync("12");
        await visit.Field("Candidates").FillAsync("2");
        await visit.RunAsync();

        server.Asked[0].Request.Should().BeEquivalentTo(new FakeRequest { Sampling = new(), Top = 8 });
        server.Asked[1].Request.Should().BeEquivalentTo(new FakeRequest { Sampling = new(), Top = 8, Prompt = "Or", Length = 12 });
        (server.Asked[2].Streams, server.Asked[2].Request.Count).Should().Be((false, 2));
        server.Asked.Select(asked => asked.Endpoint).Should().AllBe("generate");
        (await visit.SentenceAsync("letters")).Should().Be("Or be or not");
        (await visit.Page.Locator(".others li").CountAsync()).Should().Be(2);
    }

    [Fact]
    public async Task A_text_longer_than_the_models_row_grows_part_by_part()
    {
        await using var server = await FakeServer.StartAsync();
        await using var visit = await OpenAsync(server);
        await visit.Field("Length").FillAsync("18");
        await visit.RunAsync();
        server.Asked.Select(asked => (asked.Streams, asked.Request.Length)).Should().Equal((true, 18));
        (await visit.SentenceAsync("letters")).Should().Be("To be or not to be");
        await visit.GoToAsync(1, "letters");
        (await visit.SentenceAsync("letters")).Should().Be("To be or not");
        await visit.Page.GetByText("All steps").ClickAsync();
        (await visit.Page.Locator(".history tbody tr").CountAsync()).Should().Be(2);
    }

    [Fact]
    public async Task A_selection_becomes_a_gap_of_as_many_characters()
    {
        await using var server = await FakeServer.StartAsync();
        await using var visit = await OpenAsync(server);
        var area = visit.Page.GetByLabel("Beginning, or a text with gaps");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Make the selection a gap" }).ClickAsync();
        await Assertions.Expect(visit.Page.Locator("#problems")).ToContainTextAsync("Nothing is selected");
        await area.FillAsync("To be or so");
        await area.EvaluateAsync("area => area.setSelectionRange(3, 5)");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Make the selection a gap" }).ClickAsync();
        (await area.InputValueAsync()).Should().Be("To [__] or so");
        await visit.RunAsync();
        (server.Asked.Single().Endpoint, server.Asked.Single().Request.Template).Should().Be(("fill", "To [__] or so"));
    }

    [Fact]
    public async Task A_word_of_a_text_stays_together_with_what_it_began_with()
    {
        await using var server = await FakeServer.StartAsync();
        await using var visit = await OpenAsync(server);
        await visit.Page.GetByLabel("Beginning, or a text with gaps").FillAsync("To");
        await visit.RunAsync();
        await visit.Word("or").DblClickAsync();
        (await visit.Page.Locator(".kept-list li").CountAsync()).Should().Be(2);
        await visit.RunAsync();
        (server.Asked[^1].Endpoint, server.Asked[^1].Request.Template).Should().Be(("fill", "To[____]or..."));
    }

    private async Task<Visit> OpenAsync(FakeServer server)
    {
        var visit = await Visit.OpenAsync(chromium, server.Address);
        await visit.FamilyAsync("Texts");
        return visit;
    }
}
