using Spectre.Console;

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
}
