using Spectre.Console;
using Tweedie.Evaluation;

namespace Tweedie.Cli.Output;

/// <summary>Evaluation rows as a table.</summary>
internal static class AccuracyTable
{
    public static Table Create(IEnumerable<ClassificationResult> rows)
    {
        var table = Screen.Table("steps", "guidance", "to one", "decode", "top-1", "top-5", "seconds");
        foreach (var row in rows)
            table.AddRow(Cells(row));
        return table;
    }

    private static string[] Cells(ClassificationResult row) =>
    [
        row.Steps?.ToString() ?? "linear", row.Guidance?.ToString() ?? "", row.ToOne?.ToString().ToLowerInvariant() ?? "",
        $"{row.Decode}".ToLowerInvariant() + (row.Control == true ? ", control" : ""),
        Screen.Percent(row.Top1), Screen.Percent(row.Top5), FormattableString.Invariant($"{row.Seconds:F2}"),
    ];
}
