using Spectre.Console;
using Spectre.Console.Rendering;

namespace Tweedie.Cli.Output;

/// <summary>Output for people. It goes to standard error when JSON takes standard output.</summary>
internal static class Screen
{
    /// <summary>A console on standard output, or on standard error when JSON takes standard output.</summary>
    public static IAnsiConsole Create(string? jsonTarget = null) => TerminalFor(jsonTarget).CreateConsole();

    /// <summary>Where output for people goes.</summary>
    public static Terminal TerminalFor(string? jsonTarget) => JsonOutput.TakesStandardOutput(jsonTarget) ? Terminal.Error : Terminal.Output;

    /// <summary>A share as a percentage with two decimals.</summary>
    public static string Percent(double share) => FormattableString.Invariant($"{100 * share:F2} %");

    /// <summary>A duration in the unit that suits it.</summary>
    public static string Duration(TimeSpan time) => time.TotalHours >= 1 ? $"{(int)time.TotalHours}h {time.Minutes:D2}m"
        : time.TotalMinutes >= 1 ? $"{time.Minutes}m {time.Seconds:D2}s" : FormattableString.Invariant($"{time.TotalSeconds:G3}s");

    /// <summary>A table in the common style.</summary>
    public static Table Table(params string[] columns)
    {
        var table = new Table().Border(TableBorder.Simple);
        foreach (var column in columns)
            table.AddColumn(new TableColumn(column).RightAligned());
        return table;
    }

    /// <summary>
    /// Writes a table. One of several columns that is wider than the terminal becomes a paragraph per row instead, because columns of three letters say nothing.
    /// </summary>
    public static void Show(this IAnsiConsole console, Table table)
    {
        var options = RenderOptions.Create(console);
        if (table.Columns.Count <= 2 || ((IRenderable)table).Measure(options, int.MaxValue).Max <= console.Profile.Width)
        {
            console.Write(table);
            return;
        }
        var titles = table.Columns.Select(column => TextOf(column.Header, options)).ToList();
        foreach (var row in table.Rows)
        {
            var words = titles.Zip(row.Select(cell => TextOf(cell, options)), (title, text) => $"{title} {text}".Trim());
            WriteFilled(console, [.. words.Where((word, column) => word != titles[column])]);
        }
        if (table.Caption is { } caption)
            console.MarkupLine(caption.Text);
    }

    // Parts that stand together stay together; lines after the first are indented.
    private static void WriteFilled(IAnsiConsole console, IReadOnlyList<string> parts)
    {
        const string between = "  ";
        var line = "";
        foreach (var part in parts)
        {
            if (line.Length > 0 && line.Length + between.Length + part.Length > console.Profile.Width)
            {
                console.WriteLine(line);
                line = between;
            }
            line += line.Length == 0 || line == between ? part : between + part;
        }
        console.WriteLine(line);
    }

    private static string TextOf(IRenderable cell, RenderOptions options) =>
        string.Concat(cell.Render(options, int.MaxValue).Where(segment => !segment.IsLineBreak && !segment.IsControlCode).Select(segment => segment.Text)).Trim();
}
