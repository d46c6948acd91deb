namespace Tweedie.Tokens;

/// <summary>A row of a file: a cell for each column.</summary>
/// <param name="Origin">The file and the line.</param>
/// <param name="Cells">The cells in the order of the columns.</param>
internal readonly record struct TableRow(string Origin, IReadOnlyList<TableCell> Cells);

/// <summary>A cell: a text, null for an unknown value, or a list of such.</summary>
/// <param name="Text">The text; null for an unknown value or a list.</param>
/// <param name="List">The list; null where the cell is none.</param>
internal readonly record struct TableCell(string? Text, IReadOnlyList<string?>? List = null)
{
    /// <summary>The tokens of a cell that is a whole row: the entries of the list, or the characters of the text.</summary>
    public IReadOnlyList<string?> Tokens => List ?? [.. (Text ?? "").EnumerateRunes().Select(rune => rune.ToString())];
}

/// <summary>A file with a table: the names of its columns, then its rows one by one.</summary>
/// <param name="Columns">The names.</param>
/// <param name="Rows">The rows, which are read as they are asked for.</param>
internal sealed record TableFile(IReadOnlyList<string> Columns, IEnumerable<TableRow> Rows);
