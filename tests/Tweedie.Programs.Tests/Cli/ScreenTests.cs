using Spectre.Console;
using Tweedie.Cli.Output;

namespace Tweedie.Tests.Cli;

/// <summary>Tables in terminals of any width and in pipes.</summary>
public sealed class ScreenTests
{
    private static readonly string[] Titles = ["steps", "decode", "top-1", "ECE calibrated", "seconds"];

    [Fact]
    public void A_table_that_does_not_fit_becomes_a_paragraph_per_row()
    {
        var lines = Show(new FakeScreen(40));

        lines.Should().Equal(
            "steps 1  decode last  top-1 41.67 %",
            "  ECE calibrated 9.48 %  seconds 0.09",
            "steps 20  decode consensus",
            "  top-1 50.00 %  seconds 0.11",
            "note: two rows");
    }

    [Fact]
    public void A_table_that_fits_and_a_pipe_keep_their_columns()
    {
        foreach (var screen in new[] { new FakeScreen(80), new FakeScreen(null) })
            Show(screen).Should().Contain(line => line.Contains("ECE calibrated   seconds", StringComparison.Ordinal)).And.Contain(line => line.Contains("41.67 %", StringComparison.Ordinal));
    }

    private static List<string> Show(FakeScreen screen)
    {
        var table = Screen.Table(Titles).AddRow("1", "last", "41.67 %", "9.48 %", "0.09").AddRow("20", "consensus", "50.00 %", "", "0.11");
        table.Caption("note: two rows");
        screen.Terminal.CreateConsole().Show(table);
        return [.. screen.Lines.Where(line => line.Length > 0)];
    }
}
