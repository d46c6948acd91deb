using Spectre.Console;
using Tweedie.Experiments.Exhibits;

namespace Tweedie.Cli.Output;

/// <summary>An exhibit's tables and verdicts on the terminal.</summary>
internal static class ExhibitDisplay
{
    public static void Print(IAnsiConsole console, Exhibit exhibit)
    {
        console.WriteLine($"\n{exhibit.Title}");
        foreach (var content in exhibit.Tables)
        {
            console.WriteLine(content.Caption);
            var table = Screen.Table([.. content.Columns]);
            table.Columns[0].LeftAligned();
            foreach (var row in content.Rows)
                table.AddRow([.. row.Select(cell => new Spectre.Console.Text(cell))]);
            console.Show(table);
        }
        foreach (var finding in exhibit.Findings)
            console.WriteLine($"{Show.Words(finding.Verdict)}: claim {finding.Number}: {finding.Measured} ({finding.Rule})");
        foreach (var claim in exhibit.Claims)
            console.WriteLine($"{Show.Words(claim.Comparison.Verdict)}: {claim.Statement} ({claim.Data}: {Show.Points(claim.Comparison.Difference)} points, 95 % {Show.Points(claim.Comparison.Interval)})");
        foreach (var figure in exhibit.Figures)
            console.WriteLine($"{figure.Name}.svg: {figure.Caption}");
    }
}
