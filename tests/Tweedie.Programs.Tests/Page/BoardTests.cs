using Microsoft.Playwright;
namespace Tweedie.Tests.Page;

/// <summary>Puzzles and rows: what is written into the cells is given, and the model fills the others.</summary>
public sealed class BoardTests(Chromium chromium)
{
    [Fact]
    public async Task A_board_is_filled_around_its_givens()
    {
        await using var server = await FakeServer.StartAsync();
        await using var visit = await OpenAsync(server);
        await visit.Page.GetByLabel("Row 1, column 1, open").FocusAsync();
        foreach (var key in new[] { "1", "ArrowDown", "ArrowRight", "4", "ArrowUp", "ArrowLeft", "ArrowLeft" })
            await visit.Page.Keyboard.PressAsync(key);
        (await visit.Page.GetByLabel("Row 1, column 1, given").InputValueAsync()).Should().Be("1");
        await visit.RunAsync();

        var asked = server.Asked.Single();
        asked.Endpoint.Should().Be("fill");
        asked.Request.Rows!.Single().Should().Equal(["1", null, null, null, null, "4", .. new string?[10]]);
        (await visit.Page.Locator(".board input").EvaluateAllAsync<string>("inputs => inputs.map(input => input.value).join('')")).Should().Be("1234341221434321");
        (await visit.Page.Locator(".cell.given").CountAsync()).Should().Be(2);
        await Assertions.Expect(visit.Page.Locator(".rules")).ToHaveTextAsync("Every row, column and box is right.");

        await visit.GoToAsync(1, "sudoku4");
        (await visit.Page.Locator(".board input").First.InputValueAsync()).Should().Be("1", "what is given stands from the first step on");
        await Assertions.Expect(visit.Page.Locator(".rules")).ToContainTextAsync("cells break the rules");
        (await visit.Page.Locator(".cell.conflict").CountAsync()).Should().BePositive();
        await visit.Page.GetByLabel("Row 2, column 3").FocusAsync();
        (await visit.Page.Locator(".heat figcaption").InnerTextAsync()).Should().Be("Candidates of Row 2, column 3 over the steps");
    }

    [Fact]
    public async Task Only_entries_of_a_place_are_taken_and_a_cell_can_be_opened_again()
    {
        await using var server = await FakeServer.StartAsync();
        await using var visit = await OpenAsync(server);
        await visit.Page.GetByLabel("Row 1, column 1").FocusAsync();
        await visit.Page.Keyboard.PressAsync("9");
        (await visit.Page.Locator(".cell.given").CountAsync()).Should().Be(0);
        (await visit.Page.GetByLabel("Row 1, column 1").InputValueAsync()).Should().BeEmpty();
        await visit.Page.Keyboard.PressAsync("3");
        (await visit.Page.Locator(".cell.given").CountAsync()).Should().Be(1);
        await visit.Page.Keyboard.PressAsync("Delete");
        (await visit.Page.Locator(".cell.given").CountAsync()).Should().Be(0);
        await visit.RunAsync();
        server.Asked.Single().Endpoint.Should().Be("generate", "nothing is given");
    }

    [Fact]
    public async Task A_new_puzzle_obeys_the_rules_and_can_be_cleared()
    {
        await using var server = await FakeServer.StartAsync();
        await using var visit = await OpenAsync(server);
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "New puzzle" }).ClickAsync();
        (await visit.Page.Locator(".cell.given").CountAsync()).Should().Be(7);
        (await visit.Page.Locator(".cell.conflict").CountAsync()).Should().Be(0);
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Clear" }).ClickAsync();
        (await visit.Page.Locator(".cell.given").CountAsync()).Should().Be(0);
    }

    [Fact]
    public async Task Puzzles_of_every_size_obey_the_rules()
    {
        await using var server = await FakeServer.StartAsync();
        await using var visit = await OpenAsync(server);
        (await visit.Page.EvaluateAsync<int>("""
            async () => {
              const { boardOf, conflicts, puzzle } = await import('./page/sudoku.js');
              return [4, 6, 9].reduce((sum, side) => {
                const entries = Array.from({ length: side }, (_, digit) => `${digit + 1}`);
                const board = boardOf(Array.from({ length: side * side }, () => ({ entries })));
                const whole = puzzle(board, 1);
                return sum + conflicts(board, whole).size + whole.filter(entry => entry === null).length;
              }, 0);
            }
            """)).Should().Be(0);
    }

    [Fact]
    public async Task Rows_that_are_no_board_have_a_choice_per_column()
    {
        await using var server = await FakeServer.StartAsync();
        await using var visit = await OpenAsync(server);
        await visit.ChooseAsync("table");
        await visit.Page.GetByLabel("colour, open").SelectOptionAsync("green");
        await visit.RunAsync();
        server.Asked.Single().Request.Rows!.Single().Should().Equal("green", null);
        (await visit.Page.Locator(".predicted").Last.InnerTextAsync()).Should().Be(FakeModels.Html);
        (await visit.Page.GetByRole(AriaRole.Button, new() { Name = "New puzzle" }).IsVisibleAsync()).Should().BeFalse();
    }

    private async Task<Visit> OpenAsync(FakeServer server)
    {
        var visit = await Visit.OpenAsync(chromium, server.Address);
        await visit.FamilyAsync("Boards");
        return visit;
    }
}
