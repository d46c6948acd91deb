using Tweedie.Tokens;

namespace Tweedie.Cli.Commands;

/// <summary>Rows of a table of tokens, as they are printed: CSV with the names of the columns.</summary>
/// <param name="Columns">The columns.</param>
/// <param name="Rows">The entries of each row; null where one is not known.</param>
internal sealed record TableRows(TokenColumns Columns, IReadOnlyList<string?[]> Rows)
{
    /// <summary>Prints the rows.</summary>
    public void Print(TextWriter writer)
    {
        writer.WriteLine(string.Join(',', Columns.Select(column => Cell(column.Name))));
        foreach (var row in Rows)
            writer.WriteLine(string.Join(',', row.Select(Cell)));
    }

    private static string Cell(string? entry) => entry is null ? ""
        : entry.AsSpan().ContainsAny(",\"\r\n") ? $"\"{entry.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : entry;
}
